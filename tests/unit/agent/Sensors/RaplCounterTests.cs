using InstantNet.Agent.Sensors;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class RaplCounterTests : IDisposable
{
    private readonly SysfsTree _sys = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _sys.Dispose();

    [Fact]
    public void Energy_is_the_difference_over_all_packages_and_parts_are_not_counted_twice()
    {
        _sys.WithServer();
        using RaplCounter counter = Open();

        Count(SysfsTree.Package0, 1_004_000);
        Count(SysfsTree.Package1, 1_001_500);
        _sys.Set("class/powercap/intel-rapl:0:0/energy_uj", 900_000);

        Assert.Equal(2, counter.PackageCount);
        Assert.Equal(5.5, Read(counter), 9);
    }

    [Fact]
    public void A_counter_that_wraps_around_goes_on()
    {
        _sys.WithServer(energy: 9_999_000, range: 10_000_000);
        using RaplCounter counter = Open();

        Count(SysfsTree.Package0, 2000);

        Assert.Equal(3.0, Read(counter), 9);
    }

    [Fact]
    public void A_counter_that_a_suspended_machine_set_back_is_not_taken_for_kilojoules()
    {
        _sys.WithServer(energy: 90_000_000_000);
        using RaplCounter counter = Open();

        Count(SysfsTree.Package0, 5_000_000);
        double after = Read(counter);
        Count(SysfsTree.Package0, 6_000_000);

        Assert.Equal((0.0, 1000.0), (after, Read(counter)));
    }

    [Fact]
    public void A_silent_package_is_named_and_what_flowed_meanwhile_is_not_made_up()
    {
        _sys.WithServer();
        using RaplCounter counter = Open();

        _sys.Set($"{SysfsTree.Package1}/energy_uj", "no data");
        Count(SysfsTree.Package0, 1_002_000);
        double silent = Read(counter);
        SensorFault fault = counter.Fault;
        Count(SysfsTree.Package1, 1_900_000);
        double back = Read(counter);
        Count(SysfsTree.Package1, 1_901_000);

        Assert.Equal((2.0, SensorFault.NotANumber, 2.0), (silent, fault, back));
        Assert.Equal((3.0, SensorFault.None), (Read(counter), counter.Fault));
    }

    [Theory]
    [InlineData("-5", SensorFault.OutOfRange)]
    [InlineData("262143328851", SensorFault.OutOfRange)]
    [InlineData("1e9", SensorFault.NotANumber)]
    public void A_number_that_no_counter_says_is_refused(string energy, object fault)
    {
        _sys.WithServer();
        using RaplCounter counter = Open();

        _sys.Set($"{SysfsTree.Package0}/energy_uj", energy);

        Assert.Equal((0.0, (SensorFault)fault), (Read(counter), counter.Fault));
    }

    [Fact]
    public void Packages_that_vanished_are_found_again_with_their_driver()
    {
        _sys.WithServer();
        using RaplCounter counter = Open();
        foreach (string package in (string[])[SysfsTree.Package0, SysfsTree.Package1])
            File.WriteAllText(_sys.PathOf($"{package}/energy_uj"), ""); // Reading an unplugged attribute gives nothing.
        Read(counter);
        SensorFault gone = counter.Fault;
        _sys.Unplug("class/powercap");
        _sys.WithServer(energy: 500);

        _clock.Advance(TimeSpan.FromSeconds(10));
        double found = Read(counter);
        Count(SysfsTree.Package0, 1500);

        Assert.Equal((SensorFault.Gone, 0.0, 1.0), (gone, found, Read(counter)));
    }

    [Fact]
    public void Without_counters_it_says_why()
    {
        _sys.Set("class/powercap/dtpm/enabled", 0);
        RaplCounter.TryOpen(_sys.Root, _clock, out SensorFault absent);
        _sys.WithServer();
        _sys.Set($"{SysfsTree.Package0}/energy_uj", "?");
        _sys.Set($"{SysfsTree.Package1}/energy_uj", "?");

        Assert.Null(RaplCounter.TryOpen(_sys.Root, _clock, out SensorFault rubbish));
        Assert.Equal((SensorFault.Absent, SensorFault.NotANumber), (absent, rubbish));
    }

    private RaplCounter Open() => RaplCounter.TryOpen(_sys.Root, _clock, out _)!;

    private double Read(RaplCounter counter) => counter.ReadMillijoules(_clock.GetTimestamp());

    private void Count(string package, long microjoules) => _sys.Set($"{package}/energy_uj", microjoules);
}
