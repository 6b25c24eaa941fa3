using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

/// <summary>A spool's folder that tests open, kill and open again.</summary>
internal sealed class SpoolFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("spool-").FullName;

    public IReadOnlyList<string> Files => SpoolSegment.Find(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public TelemetrySpool Open(long maxBytes = 1 << 20) => TelemetrySpool.Open(new SpoolOptions(Path, maxBytes));

    /// <summary>What kill -9 leaves: the files as they are now, in another folder.</summary>
    public SpoolFolder Killed()
    {
        SpoolFolder copy = new();
        foreach (string file in Directory.EnumerateFiles(Path))
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        return copy;
    }

    /// <summary>A sample that tells by its total which one it is.</summary>
    public static TelemetrySample Sample(long number) => new(
        DateTimeOffset.UnixEpoch.AddSeconds(number), 500, WireId.Parse("r1"), new Precision(8), SwitchReason.Start, 0, 10, number, 0, null,
        1, 2, MeterSource.Measured, 3, MeterSource.Estimated, null, false, 4, 0.5, 60);

    /// <summary>Which samples a batch holds.</summary>
    public static long[] Numbers(TelemetryBatch? batch) => [.. batch!.Samples.Select(s => s.FramesTotal)];
}
