using Microsoft.Data.Sqlite;

namespace InstantNet.Controller.Storage;

/// <summary>The writer's connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class StoreSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private SqliteTransaction? _transaction;

    public void Begin() => _transaction = connection.BeginTransaction(deferred: false);

    public void Commit()
    {
        _transaction!.Commit();
        EndTransaction();
    }

    public void Rollback()
    {
        if (_transaction is null)
            return;
        try
        {
            _transaction.Rollback();
        }
        catch (Exception e) when (e is SqliteException or InvalidOperationException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }

        EndTransaction();
    }

    /// <summary>Runs a statement that is prepared once.</summary>
    /// <param name="sql">A constant; parameters are named <c>$0</c>, <c>$1</c>, … in the order of <paramref name="values"/>.</param>
    /// <param name="values">Numbers, texts or null.</param>
    /// <returns>Rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out SqliteCommand? command))
            _prepared.Add(sql, command = Prepare(sql, values.Length));
        command.Transaction = _transaction;
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rollback();
        foreach (SqliteCommand command in _prepared.Values)
            command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Callers pass constants; values go through parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < parameters; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        command.Transaction = _transaction;
        return command;
    }

    private void EndTransaction()
    {
        _transaction!.Dispose();
        _transaction = null;
    }
}
