using InstantNet.Agent.Sensors;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class SysfsBatteryTests : IDisposable
{
    private const string Phone = "class/power_supply/battery";
    private readonly SysfsTree _sys = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void Two_batteries_of_a_laptop_are_one_weighed_by_energy_and_the_mouse_is_none_of_them()
    {
        _sys.WithLaptop();
        using SysfsBattery battery = Open();

        BatteryReading reading = battery.Read()!.Value;

        Assert.Equal(35, reading.Pct, 9); // 33.6 of 96 Wh, not the mean of 80 and 20.
        Assert.Equal((33.6 * 3600, 9.5, false), (reading.RemainingJoules!.Value, reading.Watts!.Value, reading.Charging));
        Assert.Equal("BAT0+BAT1", battery.Name);
    }

    [Theory]
    [InlineData("Charging", 1_500_000, true, -6.0)]
    [InlineData("Charging", -1_500_000, true, -6.0)] // Drivers sign as they like; the status says which way.
    [InlineData("Discharging", 1_500_000, false, 6.0)]
    [InlineData("Discharging", -1_500_000, false, 6.0)]
    [InlineData("Full", 0, false, 0.0)]
    [InlineData("Not charging", 1_000, false, 0.0)]
    public void A_gauge_that_tells_charge_and_current_gives_joules_and_watts(string status, long microamperes, bool charging, double watts)
    {
        ChargeBattery(status, microamperes);
        using SysfsBattery battery = Open();

        BatteryReading reading = battery.Read()!.Value;

        Assert.Equal((50.0, charging), (reading.Pct, reading.Charging));
        Assert.Equal(1.5 * 4 * 3600, reading.RemainingJoules!.Value, 6);
        Assert.Equal(watts, reading.Watts!.Value, 9);
    }

    [Fact]
    public void Without_a_capacity_the_charge_says_the_percentage()
    {
        ChargeBattery("Discharging", 1);
        File.Delete(_sys.PathOf($"{Phone}/capacity"));
        using SysfsBattery battery = Open();

        Assert.Equal(50, battery.Read()!.Value.Pct);
    }

    [Fact]
    public void The_gauge_is_asked_again_after_a_second()
    {
        ChargeBattery("Discharging", 1);
        using SysfsBattery battery = Open();
        battery.Read();
        _sys.Set($"{Phone}/capacity", 49);

        double? atOnce = battery.Read()?.Pct;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((50.0, 49.0), (atOnce, battery.Read()?.Pct));
    }

    [Fact]
    public void A_battery_may_be_unplugged_and_another_one_plugged_in()
    {
        _sys.WithLaptop();
        using SysfsBattery battery = Open();
        battery.Read();

        _sys.Set($"{SysfsTree.Battery0}/present", 0);
        _sys.Unplug(SysfsTree.Battery1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        BatteryReading? none = battery.Read();
        SensorFault fault = battery.Fault;
        _sys.EnergyBattery(SysfsTree.Battery1, 66, "Discharging", 66, 100, 1);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((null, SensorFault.Absent), (none, fault));
        Assert.Equal(66, battery.Read()!.Value.Pct);
    }

    [Theory]
    [InlineData("", SensorFault.NotANumber)]
    [InlineData("fifty", SensorFault.NotANumber)]
    [InlineData("50 %", SensorFault.NotANumber)]
    [InlineData("99999999999999999999999", SensorFault.NotANumber)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000000000000050", SensorFault.NotANumber)]
    [InlineData("-1", SensorFault.OutOfRange)]
    [InlineData("255", SensorFault.OutOfRange)]
    public void A_charge_that_cannot_be_is_none_and_the_reason_is_kept(string capacity, object fault)
    {
        _sys.Set($"{Phone}/type", "Battery");
        _sys.Set($"{Phone}/capacity", capacity);
        using SysfsBattery battery = Open();

        Assert.Null(battery.Read());
        Assert.Equal((SensorFault)fault, battery.Fault);
    }

    [Fact]
    public void Mains_only_is_no_battery()
    {
        _sys.Set("class/power_supply/AC/type", "Mains");
        using SysfsBattery battery = Open();
        using SysfsBattery nowhere = new(new SysfsRoot("/nowhere"), _clock);

        Assert.Null(battery.Read());
        Assert.Null(nowhere.Read());
        Assert.Null(new NoBattery().Read());
    }

    private SysfsBattery Open() => new(_sys.Root, _clock);

    private void ChargeBattery(string status, long microamperes)
    {
        _sys.Set($"{Phone}/type", "Battery");
        _sys.Set($"{Phone}/status", status);
        _sys.Set($"{Phone}/capacity", 50);
        _sys.Set($"{Phone}/charge_now", 1_500_000);
        _sys.Set($"{Phone}/charge_full", 3_000_000);
        _sys.Set($"{Phone}/voltage_now", 4_000_000);
        _sys.Set($"{Phone}/current_now", microamperes);
    }
}
