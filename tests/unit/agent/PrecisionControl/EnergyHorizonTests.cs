using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.PrecisionControl;

public class EnergyHorizonTests
{
    private const long TicksPerSecond = 10_000;
    private static readonly VariantCost[] Variants =
        [new(new Precision(4), 0.70, 2, 20), new(new Precision(8), 0.84, 4, 45), new(new Precision(32), 0.90, 20, 240)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_mixture_is_the_best_of_all_pairs(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 3000; round++)
        {
            VariantCost[] variants = [.. Enumerable.Range(2, random.Next(1, 9)).Select(b => new VariantCost(new Precision(b), random.NextDouble(), 10 * random.NextDouble(), random.Next(1, 20)))];
            Budget budget = Budget.Unlimited with { LatencyMs = 8, Allowance = new EnergyAllowance(true, random.Next(0, 25) + 0.5, 0, 1) };
            VariantCost[] fast = [.. variants.Where(v => v.LatencyMs <= 8)];

            EnergyMixture? mixture = EnergyMixture.Best(variants, budget);

            Assert.Equal(fast.Length == 0, mixture is null);
            if (mixture is { } m && fast.Min(v => v.EnergyMj) <= budget.Allowance.MjPerFrame)
            {
                double energy = variants[m.Low].EnergyMj + m.HighShare * (variants[m.High].EnergyMj - variants[m.Low].EnergyMj);
                double accuracy = variants[m.Low].Accuracy + m.HighShare * (variants[m.High].Accuracy - variants[m.Low].Accuracy);
                Assert.True(energy <= budget.Allowance.MjPerFrame + 1e-9);
                Assert.Equal(BestOfPairs(fast, budget.Allowance.MjPerFrame), accuracy, 9);
            }
        }
    }

    [Theory]
    [InlineData(1, 6, 5000, 60.0)]
    [InlineData(2, 60, 0, 100.0)]
    [InlineData(3, 2, 30_000, 33.0)]
    [InlineData(4, 12, 1000, 200.0)]
    public void A_mixture_spends_its_allowance_and_keeps_to_rate_and_dwell(int seed, int perMinute, int dwellMs, double allowanceMj)
    {
        Random random = new(seed);
        PrecisionPlan plan = Plan(new PrecisionPolicy(
            Budget: new EnergyBudget(LastUntil: new LastUntil(new TimeOnly(6, 0))), Hysteresis: new HysteresisBand(0, dwellMs), MaxSwitchesPerMinute: perMinute));
        EnergyAllowance allowance = new(true, allowanceMj, 0, 2);
        SwitchState state = PrecisionDecision.Start(plan, new DeviceReading(50, null, allowance), 0, SwitchReason.Start, 0);
        List<long> changes = [];
        double spent = 0;
        const int Frames = 40_000;
        for (long i = 1; i <= Frames; i++)
        {
            long now = i * TicksPerSecond / 2 + random.Next(1000);
            SwitchState next = PrecisionDecision.Next(plan, state, new DeviceReading(50, null, allowance), now);
            if (next.Variant != state.Variant)
            {
                Assert.True(now - state.SinceTicks >= dwellMs * TicksPerSecond / 1000);
                changes.Add(now);
                Assert.True(changes.Count(c => c > now - 60 * TicksPerSecond) <= perMinute);
                Assert.Equal(SwitchReason.Horizon, next.Reason);
            }

            state = next;
            double mj = Variants[state.Variant].EnergyMj;
            spent += mj;
            allowance = allowance with { CreditMj = allowance.CreditMj + allowanceMj - mj };
        }

        Assert.True(changes.Count > 5, $"{changes.Count} changes");
        Assert.InRange(spent / Frames, allowanceMj * 0.98, allowanceMj * 1.02);
    }

    [Fact]
    public void An_allowance_that_no_longer_covers_the_precision_in_use_steps_down_at_once()
    {
        PrecisionPlan plan = Plan(new PrecisionPolicy(
            Budget: new EnergyBudget(LastUntil: new LastUntil(new TimeOnly(6, 0))), Hysteresis: new HysteresisBand(0, 3_600_000), MaxSwitchesPerMinute: 1));
        SwitchState rich = PrecisionDecision.Start(plan, new DeviceReading(50, null, new EnergyAllowance(true, 300, 0, 2)), 0, SwitchReason.Start, 0);

        SwitchState poor = PrecisionDecision.Next(plan, rich, new DeviceReading(50, null, new EnergyAllowance(true, 10, 0, 2)), 1);

        Assert.Equal((2, 0, SwitchReason.Horizon), (rich.Variant, poor.Variant, poor.Reason));
    }

    [Fact]
    public void A_hot_device_is_capped_at_once_says_so_and_recovers_only_clear_of_the_band()
    {
        PrecisionPlan plan = Plan(new PrecisionPolicy(Thermal: new ThermalCaps([new ThermalBand(70, new Precision(8))], 5)));
        SwitchState cool = PrecisionDecision.Start(plan, new DeviceReading(null, 40), 0, SwitchReason.Start, 0);

        SwitchState hot = PrecisionDecision.Next(plan, cool, new DeviceReading(null, 71), 1);
        SwitchState blind = PrecisionDecision.Next(plan, hot, new DeviceReading(null, null), 600 * TicksPerSecond);
        SwitchState near = PrecisionDecision.Next(plan, blind, new DeviceReading(null, 66), 601 * TicksPerSecond);
        SwitchState clear = PrecisionDecision.Next(plan, near, new DeviceReading(null, 64), 602 * TicksPerSecond);

        Assert.Equal((2, 1, 1, 1, 2), (cool.Variant, hot.Variant, blind.Variant, near.Variant, clear.Variant));
        Assert.Equal((SwitchReason.Thermal, SwitchReason.Thermal), (hot.Reason, clear.Reason));
    }

    [Fact]
    public void Deciding_paying_and_planning_allocate_nothing()
    {
        PrecisionPlan plan = Plan(new PrecisionPolicy(Budget: new EnergyBudget(LastUntil: new LastUntil(new TimeOnly(6, 0))), MaxSwitchesPerMinute: 6000));
        HorizonPlanner planner = new();
        planner.Aim(new EnergyBudget(LastUntil: new LastUntil(new TimeOnly(6, 0))));
        SwitchState state = PrecisionDecision.Start(plan, default, 0, SwitchReason.Start, 0);
        long before = 0;
        for (int i = 0; i < 3000; i++)
        {
            if (i == 1000)
                before = GC.GetAllocatedBytesForCurrentThread();
            planner.Look(70 - i / 100, 9000, plan.Costs(2), 10, DateTimeOffset.UnixEpoch.AddSeconds(10 * i));
            state = PrecisionDecision.Next(plan, state, new DeviceReading(50, 30, planner.Allowance), i * TicksPerSecond);
            planner.Spend(Variants[state.Variant].EnergyMj);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(planner.Allowance.IsLimited);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_gauge_that_jumps_from_one_wrong_level_to_another_is_not_believed_and_one_that_stays_and_moves_is()
    {
        const double Capacity = 9000, PerLook = 0.5;
        ChargeEstimate charge = default(ChargeEstimate).Next(50, Capacity, 0, 10);
        for (int look = 0; look < 120; look++)
            charge = charge.Next(look < 31 ? 90 : look < 62 ? 20 : 75, Capacity, PerLook, 10);
        double afterJumps = charge.Joules;
        for (int look = 0; look < 120; look++)
            charge = charge.Next(80 - (look / 30), Capacity, PerLook, 10);

        Assert.InRange(afterJumps, 0.48 * Capacity, 0.5 * Capacity);
        Assert.InRange(charge.Joules, 0.75 * Capacity, 0.8 * Capacity);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_sunny_day_that_may_not_come_again_is_not_spent_beforehand_while_the_battery_could_not_do_without_it(bool isFull)
    {
        const double Capacity = 9000, BaseWatts = 0.05, LeastMj = 20, Watts = BaseWatts + 0.001 * LeastMj;
        DateTimeOffset midnight = DateTimeOffset.UnixEpoch;
        HorizonPlanner planner = new();
        planner.Aim(new EnergyBudget(LastUntil: new LastUntil(midnight.AddDays(2))));
        double joules = isFull ? Capacity : 0.25 * Capacity;
        for (int second = 0; second < 86_400; second += 10)
        {
            joules = Math.Min(Capacity, joules + 10 * ((second is > 8 * 3600 and < 16 * 3600 ? 3.5 * Watts : 0) - Watts));
            for (int frame = 0; frame < 10; frame++)
                planner.Spend(LeastMj);
            planner.Look(100 * joules / Capacity, Capacity, new HorizonCosts(0, LeastMj), 10, midnight.AddSeconds(second));
        }

        double night = planner.Allowance.MjPerFrame;

        Assert.True(planner.Allowance.IsLimited);
        if (isFull)
            Assert.True(night > LeastMj);
        else
            Assert.Equal(LeastMj, night);
    }

    [Fact]
    public void Rubbish_from_gauge_meter_and_clock_leaves_a_finite_plan()
    {
        double?[] gauges = [null, double.NaN, -5, 700, double.PositiveInfinity, 0, 100, 42];
        double[] spent = [double.NaN, -10, double.PositiveInfinity, 5];
        Random random = new(5);
        HorizonPlanner planner = new();
        planner.Aim(new EnergyBudget(LastUntil: new LastUntil(new TimeOnly(6, 0))));
        for (int i = 0; i < 20_000; i++)
        {
            planner.Spend(spent[random.Next(spent.Length)]);
            double seconds = random.Next(20) == 0 ? random.NextDouble() * 1e7 - 1e6 : 10;
            planner.Look(gauges[random.Next(gauges.Length)], random.Next(10) == 0 ? double.NaN : 9000, new HorizonCosts(double.NaN, double.NaN), seconds, DateTimeOffset.UnixEpoch.AddDays(random.Next(40_000)));

            Assert.InRange(planner.Charge.Joules, 0, 9000);
            Assert.True(double.IsFinite(planner.Allowance.MjPerFrame) && double.IsFinite(planner.Allowance.CreditMj));
        }
    }

    private static double BestOfPairs(VariantCost[] variants, double energy)
    {
        double best = variants.Where(v => v.EnergyMj <= energy).Max(v => v.Accuracy);
        foreach (VariantCost low in variants.Where(v => v.EnergyMj <= energy))
        {
            foreach (VariantCost high in variants.Where(v => v.EnergyMj > energy))
                best = Math.Max(best, low.Accuracy + (high.Accuracy - low.Accuracy) * (energy - low.EnergyMj) / (high.EnergyMj - low.EnergyMj));
        }

        return best;
    }

    private static PrecisionPlan Plan(PrecisionPolicy policy) => new(policy, Variants, [0, 1, 2], new DeviceLoad(2, 0), TicksPerSecond);
}
