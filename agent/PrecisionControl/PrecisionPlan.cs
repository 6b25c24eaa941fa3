using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>A policy made ready for the variants of one release: all that a decision reads, computed once. Immutable; safe to share.</summary>
internal sealed class PrecisionPlan
{
    private const double MilliwattsPerJoulePerHour = 1000.0 / 3600.0;
    private const int SwitchesPerCycle = 2;
    private readonly VariantCost[] _candidates;
    private readonly int[] _residentIndex;
    private readonly BatteryBand[] _bands;
    private readonly double _marginPct;
    private readonly ThermalBand[] _thermal;
    private readonly double _marginC;
    private readonly double _swingSeconds;
    private readonly double _spreadMj;
    private readonly double _leastMj;

    /// <param name="policy">Without faults.</param>
    /// <param name="resident">Cost of each resident variant, fewest bits first, latency as 95th percentile; never empty.</param>
    /// <param name="offered">Indices of those not dominated, ascending; never empty. A pin may name any resident variant.</param>
    /// <param name="load">How often frames come, and what the device draws besides.</param>
    /// <param name="ticksPerSecond">Of the timestamps that decisions are given.</param>
    public PrecisionPlan(PrecisionPolicy policy, VariantCost[] resident, int[] offered, DeviceLoad load, long ticksPerSecond)
    {
        Resident = resident;
        _residentIndex = policy.Mode == PolicyMode.Pin ? [.. Enumerable.Range(0, resident.Length)] : offered;
        _candidates = [.. _residentIndex.Select(i => resident[i])];
        Pinned = policy.Mode == PolicyMode.Pin;
        Chooser = Pinned ? new PinnedPrecision() : policy.Budget?.LastUntil is null ? new HighestWithinBudget() : new EnergyHorizon();
        Limits = new Budget(
            policy.Min ?? new Precision(Precision.MinBits),
            (Pinned ? policy.Pin : policy.Max) ?? Precision.Full,
            policy.Slo?.P95Ms ?? double.PositiveInfinity,
            policy.Budget?.JoulesPerHour is { } joules ? EnergyPerFrame(joules, load) : double.PositiveInfinity);
        _bands = Pinned ? [] : [.. policy.Battery ?? []];
        _marginPct = policy.Hysteresis?.Pct ?? 0;
        _thermal = Pinned ? [] : [.. policy.Thermal?.Bands ?? []];
        _marginC = policy.Thermal?.MarginC ?? 0;
        DwellTicks = (long)((policy.Hysteresis?.DwellMs ?? 0) / 1000.0 * ticksPerSecond);
        SwitchSpacingTicks = 60 * ticksPerSecond / policy.MaxSwitchesPerMinute;
        _swingSeconds = (double)Math.Max(DwellTicks, SwitchesPerCycle * SwitchSpacingTicks) / ticksPerSecond;
        _spreadMj = _candidates.Max(c => c.EnergyMj) - _candidates.Min(c => c.EnergyMj);
        VariantCost[] allowed = [.. _candidates.Where(c => c.Bits >= Limits.Min && c.Bits <= Limits.Max)];
        _leastMj = (allowed.Length > 0 ? allowed : _candidates).Min(c => c.EnergyMj);
    }

    /// <summary>Cost of each resident variant, fewest bits first.</summary>
    public VariantCost[] Resident { get; }

    /// <summary>Whether one precision is held.</summary>
    public bool Pinned { get; }

    /// <summary>Rule of choice.</summary>
    public IPrecisionPolicy Chooser { get; }

    /// <summary>What one inference may take, battery apart.</summary>
    public Budget Limits { get; }

    /// <summary>Least time at a precision before a step up, timestamp ticks.</summary>
    public long DwellTicks { get; }

    /// <summary>A minute divided by the switches allowed in it, timestamp ticks.</summary>
    public long SwitchSpacingTicks { get; }

    /// <summary>Resident index of the variant for a budget.</summary>
    public int Choose(in Budget budget) => _residentIndex[Chooser.Choose(_candidates, budget)];

    /// <summary>How far spending may stray from an allowance at a load, millijoules.</summary>
    public double SwingMj(double framesPerSecond) => _swingSeconds * framesPerSecond * _spreadMj / SwitchesPerCycle;

    /// <summary>What a plan over a horizon must know, at a load.</summary>
    public HorizonCosts Costs(double framesPerSecond) => new(SwingMj(framesPerSecond), _leastMj);

    /// <summary>Battery cap without memory.</summary>
    public Precision BatteryCapAt(double? batteryPct) => BatteryCap.At(_bands, batteryPct, 0);

    /// <summary>Battery cap with hysteresis.</summary>
    public Precision NextBatteryCap(double? batteryPct, Precision inForce) => BatteryCap.Next(_bands, batteryPct, _marginPct, inForce);

    /// <summary>Cap by temperature with hysteresis.</summary>
    public Precision NextThermalCap(double? celsius, Precision inForce) => ThermalCap.Next(_thermal, celsius, _marginC, inForce);

    private static double EnergyPerFrame(double joulesPerHour, DeviceLoad load) =>
        (joulesPerHour * MilliwattsPerJoulePerHour - load.IdleMilliwatts) / load.FramesPerSecond;
}
