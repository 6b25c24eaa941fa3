using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Storage;
using Microsoft.Data.Sqlite;

namespace InstantNet.Controller.Telemetry;

/// <summary>Reads stored telemetry. Thread safe.</summary>
internal sealed class TelemetryReader(Database database)
{
    /// <summary>Most samples in one answer.</summary>
    public const int MaxSamples = 5000;

    private const string Columns =
        "Ts, WindowMs, Release, Bits, Reason, Switches, Frames, FramesTotal, DroppedTotal, Correct, LatencyP50Ms, LatencyP95Ms, LatencySource, "
        + "EnergyMj, EnergySource, BatteryPct, Charging, PowerMw, Confidence, RssMb, Meter";

    // Evenly thinned when more samples lie in the range than are asked for; the last one is always kept.
    private const string ThinnedRange =
        $"""
        WITH numbered AS (
            SELECT *, ROW_NUMBER() OVER (ORDER BY Ts DESC, Epoch DESC, Seq DESC, Idx DESC) - 1 AS Nth, COUNT(*) OVER () AS Total
            FROM TelemetrySamples WHERE Device = $device AND Ts >= $from AND Ts < $to)
        SELECT {Columns} FROM numbered WHERE Nth % ((Total + $max - 1) / $max) = 0 ORDER BY Nth DESC
        """;

    private const string LastOnes = $"SELECT {Columns} FROM TelemetrySamples WHERE Device = $device ORDER BY Ts DESC, Epoch DESC, Seq DESC, Idx DESC LIMIT $max";

    /// <summary>Samples of a span of time, oldest first, evenly thinned to at most <paramref name="max"/>.</summary>
    /// <param name="device">Row id.</param>
    /// <param name="from">Inclusive, device clock.</param>
    /// <param name="to">Exclusive, device clock.</param>
    /// <param name="max">1 to <see cref="MaxSamples"/>.</param>
    public IReadOnlyList<TelemetrySample> Range(long device, DateTimeOffset from, DateTimeOffset to, int max) => Read(
        ThinnedRange, device, max, ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds()));

    /// <summary>The last samples, oldest first.</summary>
    public IReadOnlyList<TelemetrySample> Last(long device, int max)
    {
        List<TelemetrySample> samples = Read(LastOnes, device, max);
        samples.Reverse();
        return samples;
    }

    private List<TelemetrySample> Read(string sql, long device, int max, params ReadOnlySpan<(string Name, long Value)> more)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the constants above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$device", device);
        command.Parameters.AddWithValue("$max", max);
        foreach ((string name, long value) in more)
            command.Parameters.AddWithValue(name, value);
        List<TelemetrySample> samples = [];
        using SqliteDataReader row = command.ExecuteReader();
        while (row.Read())
            samples.Add(Sample(row));
        return samples;
    }

    private static TelemetrySample Sample(SqliteDataReader row) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetInt32(1), WireId.Parse(row.GetString(2)), new Precision(row.GetInt32(3)),
        (SwitchReason)row.GetInt32(4), row.GetInt64(5), row.GetInt32(6), row.GetInt64(7), row.GetInt64(8),
        row.IsDBNull(9) ? null : row.GetInt32(9), row.GetDouble(10), row.GetDouble(11), (MeterSource)row.GetInt32(12),
        row.GetDouble(13), (MeterSource)row.GetInt32(14), row.IsDBNull(15) ? null : row.GetDouble(15), row.GetInt32(16) != 0,
        row.GetDouble(17), row.GetDouble(18), row.GetDouble(19), row.IsDBNull(20) ? null : row.GetString(20));
}
