using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;

namespace InstantNet.Tests.Unit.Agent.Simulation;

public class SimulatedBatteryTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Nothing_external_happens_before_it_is_told_to_begin()
    {
        SimulatedBattery battery = new(20, 100, [new PowerPhase(6, -2)], repeat: true, _clock);

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(new BatteryReading(100, false), battery.Read());
    }

    [Fact]
    public void Phases_follow_each_other_and_repeat()
    {
        SimulatedBattery battery = new(20, 100, [new PowerPhase(6, -2), new PowerPhase(5, 3)], repeat: true, _clock);
        battery.Begin();

        Assert.Equal(40, After(6, battery)?.Pct); // 20 J - 12 J
        Assert.Equal(new BatteryReading(85, true), After(3, battery)); // + 9 J
        Assert.Equal(100, After(2, battery)?.Pct); // + 6 J, full at 20 J
        Assert.Equal(new BatteryReading(90, false), After(1, battery)); // the load again
    }

    [Fact]
    public void One_long_silence_equals_many_short_ones()
    {
        SimulatedBattery one = new(100, 50, [new PowerPhase(3, -1), new PowerPhase(2, 1)], repeat: true, _clock);
        SimulatedBattery many = new(100, 50, [new PowerPhase(3, -1), new PowerPhase(2, 1)], repeat: true, _clock);
        one.Begin();
        many.Begin();
        for (int i = 0; i < 700; i++)
            After(0.1, many);

        Assert.Equal(many.Read()!.Value.Pct, one.Read()!.Value.Pct, 6);
    }

    [Fact]
    public void Inference_draws_on_top_and_the_charge_stays_between_empty_and_full()
    {
        SimulatedBattery battery = new(2, 50, [new PowerPhase(1, 0.25)], repeat: false, _clock);
        battery.Begin();

        battery.Draw(500);
        Assert.Equal(25, battery.Read()!.Value.Pct, 9);
        Assert.Equal(37.5, After(10, battery)!.Value.Pct, 9);
        battery.Draw(5000);
        Assert.Equal(0, battery.Read()!.Value.Pct);
    }

    [Theory]
    [InlineData(0, 50, 1)]
    [InlineData(double.NaN, 50, 1)]
    [InlineData(1, 101, 1)]
    [InlineData(1, 50, 0)]
    public void Impossible_batteries_are_refused(double joules, double pct, double seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedBattery(joules, pct, [new PowerPhase(seconds, 1)], true, _clock));

    private BatteryReading? After(double seconds, SimulatedBattery battery)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        return battery.Read();
    }
}
