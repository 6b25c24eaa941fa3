using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.PrecisionControl;

public class PrecisionDecisionTests
{
    private const long Millisecond = 10;
    private const long TicksPerSecond = 1000 * Millisecond;
    private static readonly VariantCost[] Variants =
        [new(new Precision(4), 0.80, 2, 1), new(new Precision(8), 0.88, 4, 3), new(new Precision(32), 0.90, 20, 18)];

    [Fact]
    public void A_falling_battery_steps_down_at_once_and_says_so()
    {
        PrecisionPlan plan = Plan(PrecisionPolicy.Default);
        SwitchState state = PrecisionDecision.Start(plan, new DeviceReading(100), 0, SwitchReason.Start, 0);

        SwitchState next = PrecisionDecision.Next(plan, state, new DeviceReading(49), 1);

        Assert.Equal((32, SwitchReason.Start), (Bits(state), state.Reason));
        Assert.Equal((8, SwitchReason.Battery, 1L, 1L), (Bits(next), next.Reason, next.SinceTicks, next.Switches));
    }

    [Fact]
    public void A_step_up_waits_for_the_dwell_time_and_is_put_down_to_what_held_it()
    {
        PrecisionPlan plan = Plan(PrecisionPolicy.Default with { Hysteresis = new HysteresisBand(0, 500), MaxSwitchesPerMinute = 6000 });
        SwitchState low = PrecisionDecision.Next(plan, PrecisionDecision.Start(plan, new DeviceReading(100), 0, SwitchReason.Start, 0), new DeviceReading(40), 1000);

        SwitchState early = PrecisionDecision.Next(plan, low, new DeviceReading(60), 1000 + 499 * Millisecond);
        SwitchState late = PrecisionDecision.Next(plan, early, new DeviceReading(60), 1000 + 500 * Millisecond);

        Assert.Equal(8, Bits(early));
        Assert.Equal((32, SwitchReason.Battery), (Bits(late), late.Reason));
    }

    [Theory]
    [InlineData(3600.0, null, 32, SwitchReason.Start)] // 1 W leaves 49.75 mJ a frame
    [InlineData(288.0, null, 8, SwitchReason.Energy)] // 80 mW, 5 of them idle, over 20 frames a second: 3.75 mJ a frame
    [InlineData(null, 4.0, 8, SwitchReason.Latency)]
    public void The_reason_names_the_limit_that_binds(double? joulesPerHour, double? p95Ms, int expectedBits, SwitchReason expected)
    {
        PrecisionPolicy limited = new(
            Budget: joulesPerHour is double j ? new EnergyBudget(j) : null, Slo: p95Ms is double ms ? new LatencyObjective(ms) : null);
        SwitchState free = PrecisionDecision.Start(Plan(new PrecisionPolicy()), new DeviceReading(null), 0, SwitchReason.Start, 0);

        SwitchState next = PrecisionDecision.Replan(Plan(limited), free, new DeviceReading(null), 1);

        Assert.Equal((expectedBits, expected), (Bits(next), next.Reason));
    }

    [Fact]
    public void Idle_power_is_paid_before_any_frame()
    {
        // 288 J an hour are 80 mW; 20 mW go to idling; 60 mW over 20 frames a second leave 3 mJ a frame.
        PrecisionPlan plan = new(new PrecisionPolicy(Budget: new EnergyBudget(288)), Variants, [0, 1, 2], new DeviceLoad(20, 20), TicksPerSecond);

        Assert.Equal(3, plan.Limits.EnergyMj, 9);
    }

    [Fact]
    public void A_policy_is_answered_at_once_in_both_directions()
    {
        PrecisionPolicy slow = new(Hysteresis: new HysteresisBand(0, 3_600_000), MaxSwitchesPerMinute: 1);
        SwitchState state = PrecisionDecision.Start(Plan(slow), new DeviceReading(null), 0, SwitchReason.Start, 0);

        SwitchState pinned = PrecisionDecision.Replan(Plan(slow with { Mode = PolicyMode.Pin, Pin = new Precision(4) }), state, new DeviceReading(null), 1);
        SwitchState free = PrecisionDecision.Replan(Plan(slow), pinned, new DeviceReading(null), 2);

        Assert.Equal((4, SwitchReason.Policy), (Bits(pinned), pinned.Reason));
        Assert.Equal((32, SwitchReason.Policy), (Bits(free), free.Reason));
    }

    [Fact]
    public void A_pin_ignores_the_battery_and_may_name_a_dominated_variant()
    {
        PrecisionPolicy pin = PrecisionPolicy.Default with { Mode = PolicyMode.Pin, Pin = new Precision(8) };
        PrecisionPlan plan = new(pin, Variants, offered: [0, 2], new DeviceLoad(20, 0), TicksPerSecond);

        Assert.Equal(8, Bits(PrecisionDecision.Start(plan, new DeviceReading(5), 0, SwitchReason.Start, 0)));
    }

    [Fact]
    public void Only_offered_variants_are_chosen()
    {
        PrecisionPlan plan = new(PrecisionPolicy.Default, Variants, offered: [0, 2], new DeviceLoad(20, 0), TicksPerSecond);

        Assert.Equal(4, Bits(PrecisionDecision.Start(plan, new DeviceReading(30), 0, SwitchReason.Start, 0)));
    }

    [Theory]
    [InlineData(1, 3, 0)]
    [InlineData(2, 60, 500)]
    [InlineData(3, 6000, 0)]
    [InlineData(4, 12, 5000)]
    public void However_the_battery_jumps_the_cap_holds_and_steps_up_keep_to_rate_and_dwell(int seed, int perMinute, int dwellMs)
    {
        PrecisionPolicy policy = PrecisionPolicy.Default with { Hysteresis = new HysteresisBand(3, dwellMs), MaxSwitchesPerMinute = perMinute };
        PrecisionPlan plan = Plan(policy);
        Random random = new(seed);
        SwitchState state = PrecisionDecision.Start(plan, new DeviceReading(100), 0, SwitchReason.Start, 0);
        List<long> changes = [];
        long ups = 0;
        for (long now = 0; changes.Count < 400 && now < 100_000_000;)
        {
            now += random.Next(1, (int)(2 * TicksPerSecond));
            double pct = random.NextDouble() * 100;
            SwitchState next = PrecisionDecision.Next(plan, state, new DeviceReading(pct), now);

            Assert.True(Bits(next) <= BatteryCap.At([.. policy.Battery!], pct, 0).Bits, $"{Bits(next)} bits at {pct} %");
            if (next.Variant != state.Variant)
                changes.Add(now);
            if (next.Variant > state.Variant)
            {
                ups++;
                Assert.True(now - state.SinceTicks >= dwellMs * Millisecond);
                Assert.True(changes.Count(c => c > now - 60 * TicksPerSecond) <= perMinute);
            }

            Assert.Equal(changes.Count, next.Switches);
            state = next;
        }

        Assert.True(ups > 5, $"only {ups} steps up were seen");
    }

    [Fact]
    public void A_battery_that_trembles_around_a_band_switches_once()
    {
        PrecisionPlan plan = Plan(PrecisionPolicy.Default with { MaxSwitchesPerMinute = 6000 });
        SwitchState state = PrecisionDecision.Start(plan, new DeviceReading(51), 0, SwitchReason.Start, 0);
        for (int i = 1; i <= 10_000; i++)
            state = PrecisionDecision.Next(plan, state, new DeviceReading(50 + 2.9 * Math.Sin(i)), i * TicksPerSecond);

        Assert.Equal((8, 1L), (Bits(state), state.Switches));
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        PrecisionPlan plan = Plan(PrecisionPolicy.Default with { MaxSwitchesPerMinute = 6000, Slo = new LatencyObjective(30) });
        SwitchState state = PrecisionDecision.Start(plan, new DeviceReading(100), 0, SwitchReason.Start, 0);
        state = PrecisionDecision.Next(plan, state, new DeviceReading(10), 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            state = PrecisionDecision.Next(plan, state, new DeviceReading(i % 100), i * TicksPerSecond);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(state.Switches > 10);
        Assert.Equal(0, allocated);
    }

    private static PrecisionPlan Plan(PrecisionPolicy policy) => new(policy, Variants, [0, 1, 2], new DeviceLoad(20, 5), TicksPerSecond);

    private static int Bits(SwitchState state) => Variants[state.Variant].Bits.Bits;
}
