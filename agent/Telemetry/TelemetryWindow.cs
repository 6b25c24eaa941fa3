using InstantNet.Agent.Sensors;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Telemetry;

/// <summary>Sums up the frames of one window after the other without keeping them. Thread safe; adding a frame allocates nothing.</summary>
/// <remarks>A window never mixes releases: the first frame of another one closes it early.</remarks>
/// <param name="time">Clock of the device.</param>
internal sealed class TelemetryWindow(TimeProvider time)
{
    private const double NanosecondsPerMillisecond = 1e6;
    private const double BytesPerMebibyte = 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly LogHistogram _latencyNs = new();
    private readonly List<TelemetrySample> _closed = [];
    private ServedFrame _last;
    private bool _serves;
    private long _openedTicks = time.GetTimestamp();
    private int _frames;
    private int _judged;
    private int _correct;
    private double _energyMj;
    private double _confidence;
    private long _framesTotal;
    private long _droppedTotal;
    private double _rssMb;

    /// <summary>Frames answered since the start.</summary>
    public long FramesTotal => Volatile.Read(ref _framesTotal);

    /// <summary>Frames due but not run since the start.</summary>
    public long DroppedTotal => Volatile.Read(ref _droppedTotal);

    /// <summary>Adds an answered frame.</summary>
    public void Add(in ServedFrame frame)
    {
        lock (_lock)
        {
            if (!_serves)
                _openedTicks = time.GetTimestamp();
            else if (!ReferenceEquals(frame.Release, _last.Release) && frame.Release != _last.Release)
                CloseLocked(_last.Battery);
            _serves = true;
            _last = frame;
            _frames++;
            _framesTotal++;
            _latencyNs.Record((long)(frame.LatencyMs * NanosecondsPerMillisecond));
            _energyMj += frame.EnergyMj;
            _confidence += frame.Confidence;
            if (frame.Correct is bool correct)
            {
                _judged++;
                _correct += correct ? 1 : 0;
            }
        }
    }

    /// <summary>Counts frames that were due but not run.</summary>
    public void Drop(long frames)
    {
        lock (_lock)
            _droppedTotal += frames;
    }

    /// <summary>Ends the window and begins the next.</summary>
    /// <param name="battery">Charge now; null without a battery.</param>
    /// <returns>Samples in time order; none before the first frame was served, nor of a window without frames in which no time has passed.</returns>
    public IReadOnlyList<TelemetrySample> Close(BatteryReading? battery)
    {
        // Asking the system takes longer than a frame: not while frames wait for the lock.
        double rssMb = Math.Round(Environment.WorkingSet / BytesPerMebibyte, 1);
        lock (_lock)
        {
            _rssMb = rssMb;
            if (!_serves)
                return [];
            CloseLocked(battery);
            TelemetrySample[] closed = [.. _closed];
            _closed.Clear();
            return closed;
        }
    }

    private void CloseLocked(BatteryReading? battery)
    {
        long now = time.GetTimestamp();
        double seconds = time.GetElapsedTime(_openedTicks, now).TotalSeconds;
        int milliseconds = (int)Math.Round(seconds * 1000);
        if (_frames == 0 && milliseconds == 0)
            return;
        double perFrame = _frames == 0 ? 0 : 1.0 / _frames;
        _closed.Add(new TelemetrySample(
            time.GetUtcNow(), Math.Max(1, milliseconds), _last.Release, _last.Bits, _last.Choice.Reason, _last.Choice.Switches,
            _frames, _framesTotal, _droppedTotal, _judged > 0 ? _correct : null,
            _latencyNs.Percentile(0.5) / NanosecondsPerMillisecond, _latencyNs.Percentile(0.95) / NanosecondsPerMillisecond, _last.Sources.Latency,
            _energyMj * perFrame, _last.Sources.Energy, battery?.Pct, battery?.Charging ?? false,
            _last.Sources.IdleMilliwatts + (seconds > 0 ? _energyMj / seconds : 0), _confidence * perFrame, _rssMb, _last.Sources.Meter));
        _openedTicks = now;
        _latencyNs.Clear();
        (_frames, _judged, _correct, _energyMj, _confidence) = (0, 0, 0, 0, 0);
    }
}
