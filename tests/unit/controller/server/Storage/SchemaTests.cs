using InstantNet.Controller.Hosting;
using InstantNet.Controller.Storage;
using Microsoft.Data.Sqlite;

namespace InstantNet.Tests.Unit.Controller.Storage;

public class SchemaTests
{
    [Fact]
    public void Opening_twice_changes_nothing()
    {
        using SqliteConnection connection = Memory();
        Schema.Upgrade(connection);

        Schema.Upgrade(connection);

        Assert.Equal((long)Schema.CurrentVersion, Version(connection));
    }

    [Fact]
    public void A_database_of_a_later_controller_is_refused_with_a_sentence()
    {
        using SqliteConnection connection = Memory();
        Run(connection, $"PRAGMA user_version = {Schema.CurrentVersion + 1};");

        StartRefusedException refusal = Assert.Throws<StartRefusedException>(() => Schema.Upgrade(connection));

        Assert.Contains("later controller", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_the_first_controller_keeps_its_samples_and_gains_the_meter()
    {
        using SqliteConnection connection = Memory();
        Schema.Upgrade(connection, steps: 1);
        Run(connection, "INSERT INTO TelemetrySamples VALUES (1, 2, 3, 4, 0, 500, 'rel-1', 8, 0, 0, 10, 10, 0, NULL, 1, 2, 0, 0.5, 1, NULL, 0, 5, 0.9, 50)");

        Schema.Upgrade(connection);

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM TelemetrySamples WHERE RssMb = 50 AND Meter IS NULL";
        Assert.Equal(1L, command.ExecuteScalar());
    }

    private static SqliteConnection Memory()
    {
        SqliteConnection connection = new("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    private static long Version(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A constant of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
