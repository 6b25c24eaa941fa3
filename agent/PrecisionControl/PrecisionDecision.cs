using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>Decides the precision of the next frame from a plan, what the device reads and the time. Pure; allocates nothing.</summary>
/// <remarks>
/// A forced step down is immediate. A step up, and a step down inside a mixture that the energy allows, waits for the dwell time and for the
/// switch rate: every change, forced ones included, books a minute divided by <see cref="PrecisionPolicy.MaxSwitchesPerMinute"/>, and such a
/// step needs all bookings to be over. So up to any of them there were at most that many changes in the minute before it. A change of policy
/// is answered at once: an operator asked for it. A clock that jumps back holds nothing for longer than it would have.
/// </remarks>
internal static class PrecisionDecision
{
    /// <summary>First choice for a release.</summary>
    /// <param name="plan">Of that release.</param>
    /// <param name="reading">Of the device.</param>
    /// <param name="nowTicks">Timestamp.</param>
    /// <param name="reason"><see cref="SwitchReason.Start"/> or <see cref="SwitchReason.Release"/>.</param>
    /// <param name="switches">Changes before it.</param>
    public static SwitchState Start(PrecisionPlan plan, in DeviceReading reading, long nowTicks, SwitchReason reason, long switches)
    {
        Caps caps = new(plan.BatteryCapAt(reading.BatteryPct), plan.NextThermalCap(reading.Celsius, Precision.Full));
        int chosen = plan.Choose(Limited(plan, caps, reading.Allowance, Precision.Full));
        return new SwitchState(chosen, reason, Binding(plan, caps, reading.Allowance, chosen), caps.Battery, nowTicks, nowTicks, switches, caps.Thermal);
    }

    /// <summary>The state after one more look.</summary>
    /// <param name="plan">The plan that <paramref name="state"/> was decided with.</param>
    /// <param name="state">Until now.</param>
    /// <param name="reading">Of the device.</param>
    /// <param name="nowTicks">Timestamp.</param>
    public static SwitchState Next(PrecisionPlan plan, in SwitchState state, in DeviceReading reading, long nowTicks)
    {
        Caps caps = new(plan.NextBatteryCap(reading.BatteryPct, state.BatteryCap), plan.NextThermalCap(reading.Celsius, state.ThermalCap));
        Budget budget = Limited(plan, caps, reading.Allowance, plan.Resident[state.Variant].Bits);
        int chosen = plan.Choose(budget);
        bool waits = nowTicks - state.SinceTicks < plan.DwellTicks || nowTicks < state.NextStepUpTicks;
        if (chosen == state.Variant || (waits && IsVoluntary(plan, budget, state.Variant, chosen)))
            return state with { BatteryCap = caps.Battery, ThermalCap = caps.Thermal };
        SwitchReason binding = Binding(plan, caps, reading.Allowance, chosen);
        return Switched(plan, state, chosen, chosen > state.Variant ? state.Binding : binding, binding, caps, nowTicks);
    }

    /// <summary>The state after another policy came into force for the same variants.</summary>
    /// <param name="plan">The new plan.</param>
    /// <param name="state">Until now.</param>
    /// <param name="reading">Of the device.</param>
    /// <param name="nowTicks">Timestamp.</param>
    public static SwitchState Replan(PrecisionPlan plan, in SwitchState state, in DeviceReading reading, long nowTicks)
    {
        Caps caps = new(plan.BatteryCapAt(reading.BatteryPct), plan.NextThermalCap(reading.Celsius, Precision.Full));
        int chosen = plan.Choose(Limited(plan, caps, reading.Allowance, plan.Resident[state.Variant].Bits));
        SwitchReason binding = Binding(plan, caps, reading.Allowance, chosen);
        SwitchState fresh = state with { BatteryCap = caps.Battery, ThermalCap = caps.Thermal, Binding = binding, NextStepUpTicks = nowTicks };
        return chosen == state.Variant
            ? fresh
            : Switched(plan, fresh, chosen, chosen > state.Variant ? SwitchReason.Policy : binding, binding, caps, nowTicks);
    }

    private static SwitchState Switched(
        PrecisionPlan plan, in SwitchState state, int chosen, SwitchReason reason, SwitchReason binding, in Caps caps, long nowTicks) =>
        new(chosen, reason, binding, caps.Battery, nowTicks, Math.Max(nowTicks, state.NextStepUpTicks) + plan.SwitchSpacingTicks, state.Switches + 1, caps.Thermal);

    /// <summary>A step up, or one down from a variant that the mixture still contains.</summary>
    private static bool IsVoluntary(PrecisionPlan plan, in Budget budget, int current, int chosen) =>
        chosen > current
        || (budget.Allowance.IsLimited
            && plan.Choose(budget with { Allowance = budget.Allowance with { CreditMj = double.PositiveInfinity } }) == current);

    private static Budget Limited(PrecisionPlan plan, in Caps caps, in EnergyAllowance allowance, Precision inUse)
    {
        Precision cap = caps.Battery < caps.Thermal ? caps.Battery : caps.Thermal;
        Budget limits = plan.Limits with { Allowance = allowance, SwingMj = plan.SwingMj(allowance.FramesPerSecond), InUse = inUse };
        if (cap < limits.Max)
            limits = limits with { Max = cap };
        return allowance.IsLimited ? limits with { LatencyMs = Math.Min(limits.LatencyMs, PeriodMs(allowance)) } : limits;
    }

    /// <summary>A variant slower than frames come would fall behind.</summary>
    private static double PeriodMs(in EnergyAllowance allowance) =>
        allowance.FramesPerSecond > 0 ? 1000 / allowance.FramesPerSecond : double.PositiveInfinity;

    /// <summary>The first limit that, all others lifted, still allows no more bits than were chosen.</summary>
    private static SwitchReason Binding(PrecisionPlan plan, in Caps caps, in EnergyAllowance allowance, int chosen)
    {
        if (!plan.Pinned && plan.Choose(Budget.Unlimited) > chosen)
        {
            if (plan.Choose(Budget.Unlimited with { Max = caps.Thermal }) <= chosen)
                return SwitchReason.Thermal;
            if (plan.Choose(Budget.Unlimited with { Max = caps.Battery }) <= chosen)
                return SwitchReason.Battery;
            if (plan.Choose(Budget.Unlimited with { EnergyMj = plan.Limits.EnergyMj }) <= chosen)
                return SwitchReason.Energy;
            if (plan.Choose(Budget.Unlimited with { LatencyMs = Math.Min(plan.Limits.LatencyMs, allowance.IsLimited ? PeriodMs(allowance) : double.PositiveInfinity) }) <= chosen)
                return SwitchReason.Latency;
            if (plan.Choose(Budget.Unlimited with { Allowance = allowance, SwingMj = plan.SwingMj(allowance.FramesPerSecond), InUse = plan.Resident[chosen].Bits }) <= chosen)
                return SwitchReason.Horizon;
        }

        return SwitchReason.Policy;
    }

    private readonly record struct Caps(Precision Battery, Precision Thermal);
}
