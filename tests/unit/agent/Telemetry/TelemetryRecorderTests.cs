using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

public sealed class TelemetryRecorderTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_window_becomes_a_sample_on_disk_and_the_last_one_too()
    {
        using TelemetrySpool spool = _folder.Open();
        await spool.WaitForSamplesAsync(CancellationToken.None);
        TelemetryWindow window = new(_clock);
        TelemetryRecorder recorder = new(
            window, spool, new NoBattery(), new WindowPace(TimeSpan.FromSeconds(1), _clock), NullLogger<TelemetryRecorder>.Instance);
        window.Add(Frame());

        _clock.Advance(TimeSpan.FromSeconds(1));
        await spool.WaitForSamplesAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        recorder.SetLength(TimeSpan.FromMilliseconds(100));
        window.Add(Frame());
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        await spool.WaitForSamplesAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
        window.Add(Frame());
        window.Add(Frame());
        await recorder.DisposeAsync();

        Assert.Equal([(1, 1000), (1, 100), (2, 1)], spool.ReadNext(0, 500)!.Samples.Select(s => (s.Frames, s.WindowMs)));
        Assert.Equal(3, SpoolCounters.Read(_folder.Path)!.Produced);
    }

    private static ServedFrame Frame() => new(
        WireId.Parse("r1"), Precision.Full, default(SwitchState), 1, 1, 1, null, new FrameSources(MeterSource.Measured, MeterSource.Measured, 0, "rapl"), null);
}
