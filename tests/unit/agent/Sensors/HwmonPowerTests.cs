using InstantNet.Agent.Sensors;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class HwmonPowerTests : IDisposable
{
    private readonly SysfsTree _sys = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void A_Raspberry_Pi_with_an_INA219_tells_its_power()
    {
        _sys.WithRaspberryPi();
        using HwmonPower power = Open()!;

        Assert.Equal((SensorFault.None, "hwmon:ina219-1"), (power.Read(out double milliwatts), power.Name));
        Assert.Equal(2650, milliwatts);
    }

    [Theory]
    [InlineData(null, "hwmon:VDD_IN", 9000)] // Not the sum: the other two hang behind it.
    [InlineData("VDD_SOC", "hwmon:VDD_SOC", 3000)]
    public void A_Jetson_tells_current_and_voltage_of_the_rail_that_counts(string? rail, string name, double expectedMilliwatts)
    {
        _sys.WithJetson();
        using HwmonPower power = Open(rail)!;

        power.Read(out double milliwatts);

        Assert.Equal((name, expectedMilliwatts), (power.Name, milliwatts));
    }

    [Fact]
    public void A_rail_that_is_switched_off_or_not_there_is_not_read()
    {
        _sys.WithJetson();
        _sys.Set("class/hwmon/hwmon4/in1_enable", 0);
        using HwmonPower power = Open()!;

        Assert.Equal("hwmon:VDD_CPU_GPU_CV+VDD_SOC", power.Name);
        Assert.Null(Open("VDD_GPU"));
    }

    [Theory]
    [InlineData("power1_input", "-2650000", SensorFault.OutOfRange)]
    [InlineData("power1_input", "2650000000000000", SensorFault.OutOfRange)]
    [InlineData("power1_input", "nan", SensorFault.NotANumber)]
    public void Rubbish_is_no_power_and_the_reason_is_kept(string attribute, string value, object fault)
    {
        _sys.WithRaspberryPi();
        using PowerCounter counter = new(Open()!, _clock);
        counter.ReadMillijoules(_clock.GetTimestamp());

        _sys.Set($"{SysfsTree.Ina219}/{attribute}", value);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((0.0, (SensorFault)fault), (counter.ReadMillijoules(_clock.GetTimestamp()), counter.Fault));
    }

    [Fact]
    public void Power_that_ramps_is_integrated_exactly()
    {
        _sys.WithRaspberryPi();
        using PowerCounter counter = new(Open()!, _clock);
        Power(1000);
        counter.ReadMillijoules(_clock.GetTimestamp());

        for (int i = 1; i <= 20; i++)
        {
            Power(1000 + 100 * i);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            counter.ReadMillijoules(_clock.GetTimestamp());
        }

        Assert.Equal(2000 * 2.0, counter.ReadMillijoules(_clock.GetTimestamp()), 6); // From 1 to 3 W in 2 s.
    }

    [Fact]
    public void A_chip_that_was_unplugged_is_found_again_and_the_gap_is_not_made_up()
    {
        _sys.WithRaspberryPi();
        using PowerCounter counter = new(Open()!, _clock);
        Power(1000);
        counter.ReadMillijoules(_clock.GetTimestamp());
        File.WriteAllText(_sys.PathOf($"{SysfsTree.Ina219}/power1_input"), "");
        _clock.Advance(TimeSpan.FromSeconds(1));
        counter.ReadMillijoules(_clock.GetTimestamp());
        SensorFault gone = counter.Fault;
        _sys.Unplug(SysfsTree.Ina219);
        _sys.WithRaspberryPi();
        Power(2000);

        _clock.Advance(TimeSpan.FromSeconds(10));
        double found = counter.ReadMillijoules(_clock.GetTimestamp());
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((SensorFault.Gone, 0.0, 2000.0), (gone, found, counter.ReadMillijoules(_clock.GetTimestamp())));
    }

    private HwmonPower? Open(string? rail = null) => HwmonPower.TryOpen(_sys.Root, rail, out _);

    private void Power(long milliwatts) => _sys.Set($"{SysfsTree.Ina219}/power1_input", milliwatts * 1000);
}
