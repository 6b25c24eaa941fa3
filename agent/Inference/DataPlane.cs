using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Inference;

/// <summary>Everything between a frame and its telemetry on disk, composed. Make one per agent; dispose it to stop.</summary>
/// <remarks>
/// <code>
/// IBattery battery = new SimulatedBattery(...) // or new SysfsBattery(new SysfsRoot(SysfsRoot.Default), time), or new NoBattery()
/// await using DataPlane plane = DataPlane.Start(options, ImageFileFrames.Open(path), battery, time, loggers);
/// plane.Server            // IModelServer for activation and the twin; ClassifyAsync for the local endpoint
/// plane.Spool             // the pump: Connected, WaitForSamplesAsync, ReadNext, Acknowledge
/// plane.Status()          // for the status endpoint
/// await plane.StopAsync() // on SIGTERM: last frame, last window on disk; then drain plane.Spool, then dispose
/// </code>
/// </remarks>
internal sealed class DataPlane : IAsyncDisposable
{
    private readonly VariantSwitch _variants;
    private readonly TelemetryWindow _window;
    private readonly ReleaseLoader _loader;
    private readonly FrameLoop _loop;
    private readonly TelemetryRecorder _recorder;
    private readonly IBattery _battery;
    private readonly EnergyMeters _meters;
    private readonly SysfsThermometer _thermometer;
    private readonly ITimer _looks;
    private readonly SensorSurvey _survey;
    private long _seenTurns = -1;
    private volatile bool _stopped;

    private DataPlane(DataPlaneOptions options, FrameFeed feed, IBattery battery, TelemetrySpool spool, ILoggerFactory loggers)
    {
        _battery = battery;
        _thermometer = new SysfsThermometer(options.Meters.Root);
        Spool = spool;
        Budget = options.Budget;
        _variants = new VariantSwitch(options.FramesPerSecond, feed.Time);
        _window = new TelemetryWindow(feed.Time);
        _meters = new EnergyMeters(options.DeviceClass, options.Meters);
        _loader = new ReleaseLoader(feed.Source.Shape, _meters, options.Models, new FreeMemory(FreeMemory.ThisMachine));
        _loop = new FrameLoop(_variants, feed, battery, _window, _loader.Free, loggers.CreateLogger<FrameLoop>());
        _recorder = new TelemetryRecorder(
            _window, spool, battery, new WindowPace(options.TelemetryWindow, feed.Time, Affordable(options.Budget)), loggers.CreateLogger<TelemetryRecorder>());
        _survey = new SensorSurvey(options.Meters, battery);
        Server = new ModelServer(_loader, _variants, _loop, battery);
        _looks = feed.Time.CreateTimer(_ => Look(), null, TimeSpan.Zero, HorizonPlanner.LookEvery);
    }

    /// <summary>Loads, tries and serves releases.</summary>
    public ModelServer Server { get; }

    /// <summary>Telemetry on its way to the controller.</summary>
    public TelemetrySpool Spool { get; }

    /// <summary>What telemetry may take of a metered link; null for no limit.</summary>
    public ByteBudget? Budget { get; }

    /// <summary>Opens the spool and starts the frame thread; frames are answered once a release is committed.</summary>
    /// <param name="options">Of the device.</param>
    /// <param name="frames">Where frames come from.</param>
    /// <param name="battery">Where the charge is read; owned by the caller.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">For the parts.</param>
    /// <exception cref="IOException">The spool's disk refuses.</exception>
    public static DataPlane Start(DataPlaneOptions options, IFrameSource frames, IBattery battery, TimeProvider time, ILoggerFactory loggers)
    {
        FrameFeed feed = new(frames, options.FramesPerSecond, time);
        return new DataPlane(options, feed, battery, TelemetrySpool.Open(options.Spool), loggers);
    }

    /// <summary>Changes the length of telemetry windows, as the twin may ask; 100 ms to 10 min.</summary>
    public void SetTelemetryWindow(TimeSpan length) => _recorder.SetLength(length);

    /// <summary>Ends the present telemetry window before its time.</summary>
    public void CloseTelemetryWindow() => _recorder.CloseWindow();

    /// <summary>Raised when the disk begins to refuse telemetry, with the reason, and with null when it takes it again; handlers must return at once.</summary>
    public event Action<string?>? DiskChanged
    {
        add => _recorder.DiskChanged += value;
        remove => _recorder.DiskChanged -= value;
    }

    /// <summary>Whether the frame thread came by since the last call, which also asks it to; true once it was told to stop.</summary>
    public bool CameBy()
    {
        if (_stopped)
            return true;
        long turns = _loop.Turns;
        bool came = turns != Interlocked.Exchange(ref _seenTurns, turns);
        _loop.Nudge();
        return came;
    }

    /// <summary>What the device's sensors say now; takes milliseconds.</summary>
    public IReadOnlyList<SensorLine> Sensors() => _survey.Look();

    /// <summary>Figures for people and for /status.</summary>
    public DataPlaneStatus Status()
    {
        ReleaseRuntime? runtime = _variants.Active?.Runtime;
        return new DataPlaneStatus(
            Server.Serving, _battery.Read(), _window.FramesTotal, _window.DroppedTotal, _variants.Switches, Spool.Counters,
            DurationFigures.Of(_variants.DecisionNs), DurationFigures.Of(_variants.SwitchNs), MeterReport.Of(runtime?.Meter), runtime?.LatencySource);
    }

    /// <summary>Finishes the frame in flight, closes the telemetry window and waits until it is on disk. The spool stays open.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await _looks.DisposeAsync();
        await _loop.DisposeAsync();
        await _recorder.DisposeAsync();
        if (_variants.Clear() is { } last)
            _loader.Free(last);
        _thermometer.Dispose();
    }

    private static Func<TimeSpan, TimeSpan>? Affordable(ByteBudget? budget) =>
        budget is null ? null : desired => budget.Duty.Window(desired, budget.Available);

    private void Look() => _variants.Look(_battery.Read(), _battery.CapacityJoules, _thermometer.Read());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Spool.Dispose();
        _loader.Dispose();
        _meters.Dispose();
    }
}

/// <summary>Figures of the data plane at one moment.</summary>
/// <param name="Serving">What serves; null before the first release.</param>
/// <param name="Battery">Charge; null without a battery.</param>
/// <param name="FramesDone">Frames answered since the start.</param>
/// <param name="FramesDropped">Frames due but not run since the start.</param>
/// <param name="Switches">Changes of precision since the start.</param>
/// <param name="Spool">Books of the spool.</param>
/// <param name="DecisionNs">Precision decisions, nanoseconds.</param>
/// <param name="SwitchNs">Precision switches, nanoseconds.</param>
/// <param name="Energy">Null before the first release.</param>
/// <param name="LatencySource">Null before the first release.</param>
internal sealed record DataPlaneStatus(
    ServingReport? Serving, BatteryReading? Battery, long FramesDone, long FramesDropped, long Switches, SpoolCounters Spool,
    DurationFigures DecisionNs, DurationFigures SwitchNs, MeterReport? Energy, MeterSource? LatencySource);

/// <summary>A distribution of durations, nanoseconds.</summary>
/// <param name="Count">How many.</param>
/// <param name="P50">Median.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">Longest.</param>
internal sealed record DurationFigures(long Count, double P50, double P99, long Max)
{
    /// <summary>Figures of a histogram of nanoseconds.</summary>
    public static DurationFigures Of(LogHistogram nanoseconds) =>
        new(nanoseconds.Count, nanoseconds.Percentile(0.5), nanoseconds.Percentile(0.99), nanoseconds.Max);
}
