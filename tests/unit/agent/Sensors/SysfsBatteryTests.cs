using InstantNet.Agent.Sensors;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class SysfsBatteryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("supply-").FullName;
    private readonly ManualClock _clock = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("Charging", true)]
    [InlineData("Discharging", false)]
    [InlineData("Not charging", false)]
    [InlineData("Full", false)]
    public void Level_and_status_are_read_past_other_supplies(string status, bool charging)
    {
        Supply("AC", "Mains", null, null);
        Supply("BAT0", "Battery", 73, status);
        using SysfsBattery battery = SysfsBattery.TryOpen(_root, _clock)!;

        Assert.Equal(new BatteryReading(73, charging), battery.Read());
    }

    [Fact]
    public void The_gauge_is_asked_again_after_a_second()
    {
        Supply("BAT0", "Battery", 50, "Discharging");
        using SysfsBattery battery = SysfsBattery.TryOpen(_root, _clock)!;
        battery.Read();
        Supply("BAT0", "Battery", 49, "Discharging");

        double? atOnce = battery.Read()?.Pct;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((50.0, 49.0), (atOnce, battery.Read()?.Pct));
    }

    [Fact]
    public void A_battery_that_stops_answering_reads_as_none()
    {
        Supply("BAT0", "Battery", 50, null);
        using SysfsBattery battery = SysfsBattery.TryOpen(_root, _clock)!;
        File.WriteAllText(Path.Combine(_root, "BAT0", "capacity"), "");

        Assert.Null(battery.Read());
    }

    [Fact]
    public void Without_a_battery_there_is_none()
    {
        Supply("AC", "Mains", null, null);

        Assert.Null(SysfsBattery.TryOpen(_root, _clock));
        Assert.Null(SysfsBattery.TryOpen(Path.Combine(_root, "absent"), _clock));
        Assert.Null(new NoBattery().Read());
    }

    private void Supply(string name, string type, int? capacity, string? status)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "type"), type + "\n");
        if (capacity is not null)
            File.WriteAllText(Path.Combine(folder, "capacity"), $"{capacity}\n");
        if (status is not null)
            File.WriteAllText(Path.Combine(folder, "status"), status + "\n");
    }
}
