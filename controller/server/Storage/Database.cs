using InstantNet.Controller.Hosting;
using Microsoft.Data.Sqlite;

namespace InstantNet.Controller.Storage;

/// <summary>Opens connections to the controller's SQLite file. Thread safe.</summary>
internal sealed class Database(string path)
{
    // Readers and the one writer do not wait for each other in WAL mode; two writers wait this long.
    private const int BusyTimeoutSeconds = 10;

    public string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        DefaultTimeout = BusyTimeoutSeconds,
        ForeignKeys = true,
    }.ToString();

    /// <summary>Makes the file if need be and brings its tables up to date.</summary>
    /// <exception cref="StartRefusedException">Not a database, or one of a later controller.</exception>
    public void Prepare()
    {
        try
        {
            using SqliteConnection connection = Open();
            Schema.Upgrade(connection);
        }
        catch (SqliteException e)
        {
            throw new StartRefusedException($"The database {path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>An open connection with the journal mode set; the caller disposes it.</summary>
    /// <remarks>synchronous = FULL: a commit is on the disk when it returns, so an acknowledged message survives a power cut too.
    /// One commit serves every message that waits, which is what makes that affordable.</remarks>
    public SqliteConnection Open()
    {
        SqliteConnection connection = new(ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        command.ExecuteNonQuery();
        return connection;
    }
}
