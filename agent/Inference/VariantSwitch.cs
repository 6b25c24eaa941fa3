using System.Diagnostics;
using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Inference;

/// <summary>Holds the one reference that says what serves frames, and exchanges it: for another precision, or for another release. Thread safe.</summary>
/// <remarks>
/// All variants are resident, so a switch is one reference written; the frame in flight keeps the reference it read. Decisions, commits and
/// policy changes take one short private lock, so none of them ever sees half of another.
/// </remarks>
/// <param name="framesPerSecond">Rate at which frames come, for energy budgets.</param>
/// <param name="time">Clock of dwell times and of what is reported.</param>
internal sealed class VariantSwitch(double framesPerSecond, TimeProvider time)
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private readonly Lock _lock = new();
    private readonly HorizonPlanner _planner = new();
    private double? _celsius;
    private long _lookedTicks = time.GetTimestamp();
    private PrecisionPolicy _policy = PrecisionPolicy.Default;
    private ReleaseRuntime? _runtime;
    private PrecisionPlan? _plan;
    private bool _replanned;
    private SwitchState _state;
    private DateTimeOffset _since;
    private ResidentVariant? _active;

    /// <summary>Raised after the release or the precision changed, on the thread that changed it, outside the lock.</summary>
    public event Action? Changed;

    /// <summary>What the next frame runs on; null before the first release.</summary>
    public ResidentVariant? Active => Volatile.Read(ref _active);

    /// <summary>Nanoseconds of each precision decision.</summary>
    public LogHistogram DecisionNs { get; } = new();

    /// <summary>Nanoseconds of each exchange of the reference, bookkeeping included.</summary>
    public LogHistogram SwitchNs { get; } = new();

    /// <summary>Changes of precision since the start.</summary>
    public long Switches
    {
        get
        {
            lock (_lock)
                return _state.Switches;
        }
    }

    /// <summary>How precision is chosen now.</summary>
    public PrecisionPolicy Policy
    {
        get
        {
            lock (_lock)
                return _policy;
        }
    }

    /// <summary>What serves; null before the first release.</summary>
    public ServingReport? Report()
    {
        lock (_lock)
        {
            if (_runtime is not { } runtime)
                return null;
            PrecisionInUse use = new(runtime.Variants[_state.Variant].Bits, _state.Reason, _since, _state.Switches);
            return new ServingReport(
                runtime.Release.Manifest.Release, runtime.Release.Manifest.Revision, use, runtime.BitsOf(runtime.Offered()), runtime.Measured());
        }
    }

    /// <summary>Decides the precision of the next frame and switches to it. Called by the frame loop; allocates nothing.</summary>
    /// <param name="batteryPct">Charge, percent; null without a battery.</param>
    /// <param name="state">What was decided; default before the first release.</param>
    /// <returns>The variant to run; null before the first release.</returns>
    public ResidentVariant? Choose(double? batteryPct, out SwitchState state)
    {
        bool changed = false;
        ResidentVariant? chosen;
        lock (_lock)
        {
            state = _state;
            if (_plan is not { } plan)
                return null;
            long now = time.GetTimestamp();
            long began = Stopwatch.GetTimestamp();
            DeviceReading reading = new(batteryPct, _celsius, _planner.Allowance);
            state = _replanned ? PrecisionDecision.Replan(plan, _state, reading, now) : PrecisionDecision.Next(plan, _state, reading, now);
            _replanned = false;
            long decided = Stopwatch.GetTimestamp();
            DecisionNs.Record((long)((decided - began) * NanosecondsPerTick));
            changed = state.Variant != _state.Variant;
            _state = state;
            if (changed)
            {
                _since = time.GetUtcNow();
                Volatile.Write(ref _active, _runtime!.Variants[state.Variant]);
                SwitchNs.Record((long)((Stopwatch.GetTimestamp() - decided) * NanosecondsPerTick));
            }

            chosen = _active;
        }

        if (changed)
            Changed?.Invoke();
        return chosen;
    }

    /// <summary>A frame was run; what it took is paid from the battery's allowance. Called by the frame loop; allocates nothing.</summary>
    public void Pay(double millijoules)
    {
        lock (_lock)
            _planner.Spend(millijoules);
    }

    /// <summary>Frames were due but not run.</summary>
    public void Miss(long frames)
    {
        lock (_lock)
            _planner.Offer(frames);
    }

    /// <summary>Plans the battery's allowance anew; for a timer, apart from the frames.</summary>
    /// <param name="battery">Charge; null when there is none to read.</param>
    /// <param name="capacityJoules">Of the full battery; null when it is not known.</param>
    /// <param name="celsius">Temperature; null when it is not known.</param>
    public void Look(BatteryReading? battery, double? capacityJoules, double? celsius)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _celsius = celsius;
            HorizonCosts costs = _plan?.Costs(_planner.Allowance.FramesPerSecond) ?? default;
            _planner.Look(battery?.Pct, capacityJoules, costs, time.GetElapsedTime(_lookedTicks, now).TotalSeconds, time.GetUtcNow());
            _lookedTicks = now;
        }
    }

    /// <summary>Puts a policy without faults in force for the next frame.</summary>
    public void Apply(PrecisionPolicy policy)
    {
        lock (_lock)
        {
            _policy = policy;
            _planner.Aim(policy.Budget);
            if (_runtime is null)
                return;
            _plan = _runtime.Plan(policy, framesPerSecond, time.TimestampFrequency);
            _replanned = true;
        }
    }

    /// <summary>The next frame runs on another release, at the precision the policy gives it now.</summary>
    /// <param name="runtime">Owned from now on, until another commit returns it.</param>
    /// <param name="batteryPct">Charge, percent; null without a battery.</param>
    /// <returns>The release that served; its last frame may still be in flight. Null when none did.</returns>
    public ReleaseRuntime? Commit(ReleaseRuntime runtime, double? batteryPct)
    {
        ReleaseRuntime? old;
        lock (_lock)
        {
            old = _runtime;
            PrecisionPlan plan = runtime.Plan(_policy, framesPerSecond, time.TimestampFrequency);
            SwitchReason reason = old is null ? SwitchReason.Start : SwitchReason.Release;
            SwitchState state = PrecisionDecision.Start(plan, new DeviceReading(batteryPct, _celsius, _planner.Allowance), time.GetTimestamp(), reason, _state.Switches);
            if (old is not null && old.Variants[_state.Variant].Bits != runtime.Variants[state.Variant].Bits)
                state = state with { Switches = state.Switches + 1 };
            (_runtime, _plan, _state, _since, _replanned) = (runtime, plan, state, time.GetUtcNow(), false);
            Volatile.Write(ref _active, runtime.Variants[state.Variant]);
        }

        Changed?.Invoke();
        return old;
    }

    /// <summary>Serves nothing any more.</summary>
    /// <returns>The release that served, for disposal after its last frame; null when none did.</returns>
    public ReleaseRuntime? Clear()
    {
        lock (_lock)
        {
            ReleaseRuntime? old = _runtime;
            (_runtime, _plan) = (null, null);
            Volatile.Write(ref _active, null);
            return old;
        }
    }
}
