using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

public class TelemetryWindowTests
{
    private static readonly WireId First = WireId.Parse("first"), Second = WireId.Parse("second");
    private readonly ManualClock _clock = new();
    private readonly TelemetryWindow _window;

    public TelemetryWindowTests() => _window = new TelemetryWindow(_clock);

    [Fact]
    public void A_window_sums_up_its_frames()
    {
        _window.Add(Frame(First, ms: 2, mj: 10, confidence: 0.5f, correct: true));
        _window.Add(Frame(First, ms: 4, mj: 30, confidence: 1.0f, correct: false));
        _window.Drop(3);
        _clock.Advance(TimeSpan.FromMilliseconds(500));

        TelemetrySample sample = Assert.Single(_window.Close(new BatteryReading(40, true)));

        Assert.Equal((First, 8, 500, 2, 2L, 3L), (sample.Release, sample.Bits.Bits, sample.WindowMs, sample.Frames, sample.FramesTotal, sample.DroppedTotal));
        Assert.Equal((1, 20.0, 0.75), (sample.Correct, sample.EnergyMj, sample.Confidence));
        Assert.Equal(90, sample.PowerMw, 9); // 40 mJ in 0.5 s, and 10 mW idle
        Assert.Equal((40.0, true, SwitchReason.Battery, 5L), (sample.BatteryPct, sample.Charging, sample.Reason, sample.Switches));
        Assert.InRange(sample.LatencyP50Ms, 1.96, 2.04);
        Assert.InRange(sample.LatencyP95Ms, 3.92, 4.08);
        Assert.Equal(_clock.GetUtcNow(), sample.Ts);
        Assert.True(sample.RssMb > 1);
    }

    [Fact]
    public void The_next_window_begins_at_nothing_but_the_totals()
    {
        _window.Add(Frame(First));
        _window.Close(null);
        _clock.Advance(TimeSpan.FromSeconds(1));

        TelemetrySample idle = Assert.Single(_window.Close(null));

        Assert.Equal((0, 1L, null, 0.0, 10.0), (idle.Frames, idle.FramesTotal, idle.Correct, idle.LatencyP95Ms, idle.PowerMw));
    }

    [Fact]
    public void Before_the_first_frame_there_is_nothing_to_tell() => Assert.Empty(_window.Close(null));

    [Fact]
    public void A_window_in_which_no_time_has_passed_is_left_out_without_frames_and_a_millisecond_long_with_some()
    {
        _window.Add(Frame(First));
        TelemetrySample first = Assert.Single(_window.Close(null));
        Assert.Equal((First, 1, 1), (first.Release, first.WindowMs, first.Frames));

        Assert.Empty(_window.Close(null));
        _window.Add(Frame(Second));

        Assert.Equal(Second, Assert.Single(_window.Close(null)).Release);
    }

    [Fact]
    public void A_window_never_mixes_releases()
    {
        _window.Add(Frame(First));
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        _window.Add(Frame(Second));
        _window.Add(Frame(Second));
        _clock.Advance(TimeSpan.FromMilliseconds(200));

        IReadOnlyList<TelemetrySample> samples = _window.Close(null);

        Assert.Equal([(First, 1, 300), (Second, 2, 200)], samples.Select(s => (s.Release, s.Frames, s.WindowMs)));
    }

    [Fact]
    public void Unlabelled_frames_have_no_share_of_right_ones()
    {
        _window.Add(Frame(First, correct: null));

        Assert.Null(Assert.Single(_window.Close(null)).Correct);
    }

    private static ServedFrame Frame(WireId release, double ms = 1, double mj = 1, float confidence = 1, bool? correct = true) => new(
        release, new Precision(8), new SwitchState(1, SwitchReason.Battery, SwitchReason.Battery, Precision.Full, 0, 0, 5), ms, mj, confidence, correct,
        new FrameSources(MeterSource.Measured, MeterSource.Estimated, 10, "processor"), new BatteryReading(50, false));
}
