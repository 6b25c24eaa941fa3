using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Replay;

/// <summary>Plays a trace to the agent's own decision code, frame by frame. Pure: the same trace gives the same result.</summary>
/// <remarks>
/// A second is the step of the battery. A device whose battery is empty is off until <see cref="RestartPct"/>, and knows nothing when it comes
/// back. Frames queue for one processor; those that would wait longer than <see cref="MostWaitSeconds"/> are lost, as in the agent.
/// </remarks>
internal sealed class PolicyReplay
{
    private const double MostWaitSeconds = Inference.FramePace.BacklogSeconds, RestartPct = 2, MillijoulesPerJoule = 1000;
    private const int Samples = 400;
    private const long TicksPerSecond = TimeSpan.TicksPerSecond;
    private readonly Trace _trace;
    private readonly VariantCost[] _variants;
    private readonly PrecisionPolicy _policy;
    private readonly PrecisionPlan _plan;
    private readonly double _deadline;
    private HorizonPlanner _planner = new();
    private SwitchState _state;
    private bool _on, _started;
    private double _level, _busyUntil, _sinceLook, _owed, _joules, _correct, _lacked, _given, _off, _bits;
    private long _frames, _lost, _late, _switches, _run;

    private PolicyReplay(Trace trace, VariantCost[] variants, PrecisionPolicy policy)
    {
        (_trace, _variants, _policy) = (trace, variants, policy);
        _plan = new PrecisionPlan(
            policy, variants, VariantDominance.Offered(variants, noise: 0), new DeviceLoad(Math.Max(1e-9, trace.Rows[0].FramesPerSecond), trace.Rows[0].BaseWatts * 1000), TicksPerSecond);
        _deadline = Deadline(policy);
        _level = trace.CapacityJoules * trace.StartPct / 100;
        _given = _level;
        _on = _level > 0;
    }

    /// <summary>After how many seconds an answer is late.</summary>
    public static double Deadline(PrecisionPolicy policy) => policy.Slo is { } objective ? objective.P95Ms / 1000 : MostWaitSeconds;

    /// <summary>Plays the whole trace.</summary>
    /// <param name="name">Of the policy in the result.</param>
    /// <param name="trace">What to play.</param>
    /// <param name="variants">What the device can run, fewest bits first.</param>
    /// <param name="policy">Without faults.</param>
    public static ReplayResult Run(string name, Trace trace, VariantCost[] variants, PrecisionPolicy policy) =>
        new PolicyReplay(trace, variants, policy).Play(name);

    private ReplayResult Play(string name)
    {
        double whole = _trace.Rows.Sum(r => r.Seconds), every = Math.Max(1, Math.Floor(whole / Samples));
        List<ReplaySample> samples = [];
        long second = 0;
        foreach (TraceRow row in _trace.Rows)
        {
            for (int i = 0; i < row.Seconds; i++, second++)
            {
                if (second % every == 0)
                {
                    samples.Add(new ReplaySample(second, 100 * _level / _trace.CapacityJoules, _run > 0 ? _bits / _run : null));
                    (_run, _bits) = (0, 0);
                }

                Step(row, second);
            }
        }

        double reserve = _trace.CapacityJoules * (_policy.Budget?.LastUntil is null ? 0 : _policy.Budget.ReservePct) / 100;
        double overrun = 100 * (_lacked + Math.Max(0, reserve - _level)) / _given;
        return new ReplayResult(
            name, _frames == 0 ? 0 : _correct / _frames, _joules, _frames, _lost, _late, _switches + _state.Switches, _off, overrun, samples);
    }

    private void Step(TraceRow row, long second)
    {
        double lossy = 1 / row.Efficiency;
        _given += row.HarvestWatts;
        _level = Math.Min(row.CapacityJoules, _level + row.HarvestWatts);
        if (!_on && _level >= RestartPct / 100 * row.CapacityJoules && _level > 0)
            _on = true;
        if (_on)
            Draw(row.BaseWatts * lossy);
        _owed += row.FramesPerSecond;
        int due = (int)_owed;
        _owed -= due;
        _frames += due;
        if (!_on)
        {
            _lost += due;
            _off++;
            _lacked += (row.BaseWatts + due * _variants.Min(v => v.EnergyMj) / MillijoulesPerJoule) * lossy;
            return;
        }

        double? gauge = Gauge(row);
        if (!_started)
        {
            _planner.Aim(_policy.Budget);
            _planner.Look(gauge, _trace.CapacityJoules, _plan.Costs(0), 1, _trace.Start.AddSeconds(second));
            _state = PrecisionDecision.Start(_plan, Reading(gauge, row), second * TicksPerSecond, SwitchReason.Start, 0);
            (_started, _sinceLook) = (true, 0);
        }
        else if (++_sinceLook >= HorizonPlanner.LookEvery.TotalSeconds)
        {
            _planner.Look(gauge, _trace.CapacityJoules, _plan.Costs(_planner.Allowance.FramesPerSecond), _sinceLook, _trace.Start.AddSeconds(second));
            _sinceLook = 0;
        }

        for (int i = 0; i < due; i++)
            Serve(row, gauge, second + (double)i / due);
    }

    private void Serve(TraceRow row, double? gauge, double arrival)
    {
        if (!_on || _busyUntil - arrival > MostWaitSeconds)
        {
            _lost++;
            if (_on)
                _planner.Offer(1);
            return;
        }

        _state = PrecisionDecision.Next(_plan, _state, Reading(gauge, row), (long)(arrival * TicksPerSecond));
        VariantCost variant = _variants[_state.Variant];
        _busyUntil = Math.Max(_busyUntil, arrival) + variant.LatencyMs / 1000;
        double joules = variant.EnergyMj / MillijoulesPerJoule;
        if (_level < joules / row.Efficiency)
        {
            _lost++;
            _lacked += joules / row.Efficiency - _level;
            Draw(_level);
            return;
        }

        Draw(joules / row.Efficiency);
        _planner.Spend(variant.EnergyMj);
        _joules += joules;
        _run++;
        _bits += variant.Bits.Bits;
        // Half a microsecond is rounding.
        if (_busyUntil - arrival > _deadline + 5e-7)
            _late++;
        else
            _correct += variant.Accuracy;
    }

    private void Draw(double joules)
    {
        _level -= joules;
        if (_level > 0)
            return;
        (_level, _on, _started) = (0, false, false);
        _switches += _state.Switches;
        (_state, _planner) = (default, new HorizonPlanner());
    }

    private DeviceReading Reading(double? gauge, TraceRow row) => new(gauge, row.Celsius, _planner.Allowance);

    /// <summary>Whole percents, as a fuel gauge tells them; what is out of the scale is told too: a gauge that lies does.</summary>
    private double? Gauge(TraceRow row) =>
        row.Gauge.Answers ? row.Gauge.StuckPct ?? Math.Round(100 * _level / _trace.CapacityJoules + row.GaugeErrorPct) : null;
}
