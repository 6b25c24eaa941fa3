using InstantNet.Controller.Hosting;
using Microsoft.Data.Sqlite;

namespace InstantNet.Controller.Storage;

/// <summary>The tables, as the steps that led to them. A database remembers how many steps it has taken in SQLite's <c>user_version</c>.</summary>
internal static class Schema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE Devices (
            Key INTEGER PRIMARY KEY, Id TEXT NOT NULL UNIQUE, DeviceClass TEXT NOT NULL, PasswordHash TEXT NOT NULL, EnrolledAt INTEGER NOT NULL,
            DesiredVersion INTEGER NOT NULL, DesiredPolicy TEXT NULL, TelemetryWindowMs INTEGER NOT NULL,
            State TEXT NULL, Reported TEXT NULL, LastSeen INTEGER NULL,
            SamplesStored INTEGER NOT NULL, Duplicates INTEGER NOT NULL);
        CREATE TABLE Releases (
            Id TEXT PRIMARY KEY, Revision INTEGER NOT NULL, Manifest BLOB NOT NULL, Signature BLOB NOT NULL, KeyId TEXT NOT NULL,
            ImportedAt INTEGER NOT NULL, PublishedAt INTEGER NULL, RetiredAt INTEGER NULL);
        CREATE TABLE Rollouts (
            Id TEXT PRIMARY KEY, Release TEXT NOT NULL REFERENCES Releases (Id), State TEXT NOT NULL, Reason TEXT NULL,
            StartedAt INTEGER NOT NULL, EndedAt INTEGER NULL, DeadlineSeconds INTEGER NOT NULL, CurrentWave INTEGER NOT NULL,
            MaxFailedShare REAL NOT NULL, MinEnded INTEGER NOT NULL);
        CREATE INDEX RolloutsByState ON Rollouts (State);
        CREATE TABLE Executions (
            Job TEXT NOT NULL REFERENCES Rollouts (Id), Device TEXT NOT NULL, Release TEXT NOT NULL, Attempt INTEGER NOT NULL, Wave INTEGER NOT NULL,
            State TEXT NOT NULL, Pct INTEGER NULL, Code TEXT NULL, Detail TEXT NULL, Ms INTEGER NOT NULL,
            OfferedAt INTEGER NULL, Deadline INTEGER NULL, ReportedAt INTEGER NULL,
            PRIMARY KEY (Job, Device)) WITHOUT ROWID;
        CREATE INDEX ExecutionsByDevice ON Executions (Device, OfferedAt);
        CREATE TABLE Alarms (
            Device TEXT NOT NULL, Key TEXT NOT NULL, Text TEXT NOT NULL, RaisedAt INTEGER NOT NULL,
            PRIMARY KEY (Device, Key)) WITHOUT ROWID;
        CREATE TABLE TelemetryBatches (
            Device INTEGER NOT NULL, Epoch INTEGER NOT NULL, Seq INTEGER NOT NULL, ReceivedAt INTEGER NOT NULL, Dropped INTEGER NOT NULL,
            PRIMARY KEY (Device, Epoch, Seq)) WITHOUT ROWID;
        CREATE INDEX TelemetryBatchesByArrival ON TelemetryBatches (ReceivedAt);
        CREATE TABLE TelemetrySamples (
            Device INTEGER NOT NULL, Ts INTEGER NOT NULL, Epoch INTEGER NOT NULL, Seq INTEGER NOT NULL, Idx INTEGER NOT NULL,
            WindowMs INTEGER NOT NULL, Release TEXT NOT NULL, Bits INTEGER NOT NULL, Reason INTEGER NOT NULL, Switches INTEGER NOT NULL,
            Frames INTEGER NOT NULL, FramesTotal INTEGER NOT NULL, DroppedTotal INTEGER NOT NULL, Correct INTEGER NULL,
            LatencyP50Ms REAL NOT NULL, LatencyP95Ms REAL NOT NULL, LatencySource INTEGER NOT NULL,
            EnergyMj REAL NOT NULL, EnergySource INTEGER NOT NULL, BatteryPct REAL NULL, Charging INTEGER NOT NULL,
            PowerMw REAL NOT NULL, Confidence REAL NOT NULL, RssMb REAL NOT NULL,
            PRIMARY KEY (Device, Ts, Epoch, Seq, Idx)) WITHOUT ROWID;
        """,
        """
        ALTER TABLE TelemetrySamples ADD COLUMN Meter TEXT NULL;
        ALTER TABLE TelemetryBatches ADD COLUMN Hist INTEGER NOT NULL DEFAULT 0;
        """,
        """
        ALTER TABLE Executions ADD COLUMN BlobUrl TEXT NULL;
        """,
    ];

    /// <summary>Version written today.</summary>
    public static int CurrentVersion => Steps.Length;

    /// <summary>Takes the steps that a database lacks, each in one transaction.</summary>
    /// <exception cref="StartRefusedException">The database was written by a later controller.</exception>
    public static void Upgrade(SqliteConnection connection) => Upgrade(connection, Steps.Length);

    /// <summary>The same, no further than an earlier controller went.</summary>
    internal static void Upgrade(SqliteConnection connection, int steps)
    {
        long version = ReadVersion(connection);
        if (version > CurrentVersion)
            throw new StartRefusedException($"{connection.DataSource} has schema version {version}; this controller reads up to {CurrentVersion}: start a later controller.");
        for (int step = (int)version; step < steps; step++)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand command = connection.CreateCommand();
            command.Transaction = transaction;
#pragma warning disable CA2100 // Constant text above; a pragma takes no parameter.
            command.CommandText = $"{Steps[step]}\nPRAGMA user_version = {step + 1};";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static long ReadVersion(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version;";
        return (long)command.ExecuteScalar()!;
    }
}
