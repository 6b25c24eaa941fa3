using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>Decides the precision of the next frame from a plan, a battery level and the time. Pure; allocates nothing.</summary>
/// <remarks>
/// A step down is immediate. A step up waits for the dwell time and for the switch rate: every change, forced ones included, books a minute
/// divided by <see cref="PrecisionPolicy.MaxSwitchesPerMinute"/>, and a step up needs all bookings to be over. So up to any step up there
/// were at most that many changes in the minute before it. A change of policy is answered at once: an operator asked for it.
/// </remarks>
internal static class PrecisionDecision
{
    /// <summary>First choice for a release.</summary>
    /// <param name="plan">Of that release.</param>
    /// <param name="batteryPct">Charge, percent; null without a battery.</param>
    /// <param name="nowTicks">Timestamp.</param>
    /// <param name="reason"><see cref="SwitchReason.Start"/> or <see cref="SwitchReason.Release"/>.</param>
    /// <param name="switches">Changes before it.</param>
    public static SwitchState Start(PrecisionPlan plan, double? batteryPct, long nowTicks, SwitchReason reason, long switches)
    {
        Precision cap = plan.BatteryCapAt(batteryPct);
        int chosen = plan.Choose(WithCap(plan.Limits, cap));
        return new SwitchState(chosen, reason, Binding(plan, cap, chosen), cap, nowTicks, nowTicks, switches);
    }

    /// <summary>The state after one more look.</summary>
    /// <param name="plan">The plan that <paramref name="state"/> was decided with.</param>
    /// <param name="state">Until now.</param>
    /// <param name="batteryPct">Charge, percent; null without a battery.</param>
    /// <param name="nowTicks">Timestamp.</param>
    public static SwitchState Next(PrecisionPlan plan, in SwitchState state, double? batteryPct, long nowTicks)
    {
        Precision cap = plan.NextBatteryCap(batteryPct, state.BatteryCap);
        int chosen = plan.Choose(WithCap(plan.Limits, cap));
        if (chosen == state.Variant)
            return cap == state.BatteryCap ? state : state with { BatteryCap = cap };
        if (chosen > state.Variant && (nowTicks - state.SinceTicks < plan.DwellTicks || nowTicks < state.NextStepUpTicks))
            return cap == state.BatteryCap ? state : state with { BatteryCap = cap };
        SwitchReason binding = Binding(plan, cap, chosen);
        return Switched(plan, state, chosen, chosen > state.Variant ? state.Binding : binding, binding, cap, nowTicks);
    }

    /// <summary>The state after another policy came into force for the same variants.</summary>
    /// <param name="plan">The new plan.</param>
    /// <param name="state">Until now.</param>
    /// <param name="batteryPct">Charge, percent; null without a battery.</param>
    /// <param name="nowTicks">Timestamp.</param>
    public static SwitchState Replan(PrecisionPlan plan, in SwitchState state, double? batteryPct, long nowTicks)
    {
        Precision cap = plan.BatteryCapAt(batteryPct);
        int chosen = plan.Choose(WithCap(plan.Limits, cap));
        SwitchReason binding = Binding(plan, cap, chosen);
        SwitchState fresh = state with { BatteryCap = cap, Binding = binding, NextStepUpTicks = nowTicks };
        return chosen == state.Variant
            ? fresh
            : Switched(plan, fresh, chosen, chosen > state.Variant ? SwitchReason.Policy : binding, binding, cap, nowTicks);
    }

    private static SwitchState Switched(
        PrecisionPlan plan, in SwitchState state, int chosen, SwitchReason reason, SwitchReason binding, Precision cap, long nowTicks) =>
        new(chosen, reason, binding, cap, nowTicks, Math.Max(nowTicks, state.NextStepUpTicks) + plan.SwitchSpacingTicks, state.Switches + 1);

    private static Budget WithCap(in Budget limits, Precision cap) => cap < limits.Max ? limits with { Max = cap } : limits;

    /// <summary>The first limit that, all others lifted, still allows no more bits than were chosen.</summary>
    private static SwitchReason Binding(PrecisionPlan plan, Precision cap, int chosen)
    {
        if (!plan.Pinned && plan.Choose(Budget.Unlimited) > chosen)
        {
            if (plan.Choose(Budget.Unlimited with { Max = cap }) <= chosen)
                return SwitchReason.Battery;
            if (plan.Choose(Budget.Unlimited with { EnergyMj = plan.Limits.EnergyMj }) <= chosen)
                return SwitchReason.Energy;
            if (plan.Choose(Budget.Unlimited with { LatencyMs = plan.Limits.LatencyMs }) <= chosen)
                return SwitchReason.Latency;
        }

        return SwitchReason.Policy;
    }
}
