using System.Threading.Channels;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Telemetry;

/// <summary>Closes the telemetry window at its pace and puts the samples into the spool. Thread safe.</summary>
internal sealed partial class TelemetryRecorder : IAsyncDisposable
{
    private readonly TelemetryWindow _window;
    private readonly TelemetrySpool _spool;
    private readonly IBattery _battery;
    private readonly ILogger<TelemetryRecorder> _log;
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _loses;
    private readonly Lock _pace = new();
    private readonly ITimer _timer;
    private readonly Func<TimeSpan, TimeSpan> _affordable;
    private readonly Task _loop;
    private TimeSpan _desired;
    private TimeSpan _length;
    private long _failures;

    /// <summary>Starts recording.</summary>
    /// <param name="window">What frames are added to.</param>
    /// <param name="spool">Where samples go; owned by the caller, disposed after this.</param>
    /// <param name="battery">Read at the end of each window.</param>
    /// <param name="pace">Length of a window and the clock it is measured by.</param>
    /// <param name="log">For disk failures.</param>
    public TelemetryRecorder(TelemetryWindow window, TelemetrySpool spool, IBattery battery, WindowPace pace, ILogger<TelemetryRecorder> log)
    {
        (_window, _spool, _battery, _log) = (window, spool, battery, log);
        _affordable = pace.Affordable ?? (static desired => desired);
        _desired = _length = pace.Length;
        _timer = pace.Time.CreateTimer(_ => _due.Writer.TryWrite(true), null, pace.Length, pace.Length);
        _loop = Task.Run(RecordAsync);
    }

    /// <summary>Raised when the disk begins to refuse samples, with the reason, and with null when it takes them again; handlers must return at once.</summary>
    public event Action<string?>? DiskChanged;

    /// <summary>Samples that the disk did not take.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Changes the desired length of windows from the next one on, positive.</summary>
    public void SetLength(TimeSpan length)
    {
        lock (_pace)
        {
            _desired = length;
            _length = _affordable(length);
            _timer.Change(_length, _length);
        }
    }

    /// <summary>Ends the present window soon, before its time. Thread safe; returns at once.</summary>
    public void CloseWindow() => _due.Writer.TryWrite(true);

    /// <summary>Closes the last window and stops; what was recorded is on disk then.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _due.Writer.TryComplete();
        await _loop;
    }

    private async Task RecordAsync()
    {
        await foreach (bool _ in _due.Reader.ReadAllAsync())
        {
            Record();
            Stretch();
        }

        Record();
    }

    /// <summary>A window just ended: the next one is as long as can be afforded by now.</summary>
    private void Stretch()
    {
        lock (_pace)
        {
            TimeSpan next = _affordable(_desired);
            if (next == _length)
                return;
            _length = next;
            _timer.Change(next, next);
        }
    }

    private void Record()
    {
        foreach (TelemetrySample sample in _window.Close(_battery.Read()))
        {
            try
            {
                _spool.Append(sample);
                if (_loses)
                    DiskChanged?.Invoke(null);
                _loses = false;
            }
            catch (IOException e)
            {
                _failures++;
                if (!_loses)
                    DiskChanged?.Invoke(e.Message);
                _loses = true;
                SampleLost(_log, sample.Ts, e.Message);
            }
        }
    }

    [LoggerMessage(EventId = 2100, Level = LogLevel.Error, Message = "The telemetry sample of {Ts} is lost: the disk refused it. {Error}")]
    private static partial void SampleLost(ILogger logger, DateTimeOffset ts, string error);
}

/// <summary>How long windows are, by which clock.</summary>
/// <param name="Length">Positive.</param>
/// <param name="Time">The clock.</param>
/// <param name="Affordable">Makes a desired length one that can be afforded; asked after each window. Null when all can.</param>
internal readonly record struct WindowPace(TimeSpan Length, TimeProvider Time, Func<TimeSpan, TimeSpan>? Affordable = null);
