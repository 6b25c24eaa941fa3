using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class RaplMeterTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rapl-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Energy_is_the_difference_over_all_packages()
    {
        Package("intel-rapl:0", energy: 1_000_000, range: 262_143_328_850);
        Package("intel-rapl:1", energy: 500, range: 262_143_328_850);
        using RaplMeter meter = RaplMeter.TryOpen(_root)!;

        meter.Begin();
        Package("intel-rapl:0", energy: 1_004_000, range: 262_143_328_850);
        Package("intel-rapl:1", energy: 1500, range: 262_143_328_850);

        Assert.Equal(5.0, meter.End(Precision.Full), 9);
        Assert.Equal(MeterSource.Measured, meter.Source);
    }

    [Fact]
    public void A_counter_that_wraps_around_goes_on()
    {
        Package("intel-rapl:0", energy: 9_999_000, range: 10_000_000);
        using RaplMeter meter = RaplMeter.TryOpen(_root)!;

        meter.Begin();
        Package("intel-rapl:0", energy: 2000, range: 10_000_000);

        Assert.Equal(3.0, meter.End(Precision.Full), 9);
    }

    [Fact]
    public void Parts_of_a_package_are_not_counted_twice()
    {
        Package("intel-rapl:0", energy: 0, range: 10_000);
        Package("intel-rapl:0:0", energy: 0, range: 10_000);
        using RaplMeter meter = RaplMeter.TryOpen(_root)!;

        meter.Begin();
        Package("intel-rapl:0", energy: 4000, range: 10_000);
        Package("intel-rapl:0:0", energy: 3000, range: 10_000);

        Assert.Equal(4.0, meter.End(Precision.Full), 9);
    }

    [Fact]
    public void A_counter_that_falls_silent_reads_as_no_energy()
    {
        Package("intel-rapl:0", energy: 77, range: 10_000);
        using RaplMeter meter = RaplMeter.TryOpen(_root)!;

        meter.Begin();
        File.WriteAllText(Path.Combine(_root, "intel-rapl:0", "energy_uj"), "");

        Assert.Equal(0, meter.End(Precision.Full));
    }

    [Fact]
    public void Without_counters_there_is_no_meter()
    {
        Directory.CreateDirectory(Path.Combine(_root, "intel-rapl:0"));
        Directory.CreateDirectory(Path.Combine(_root, "dtpm"));

        Assert.Null(RaplMeter.TryOpen(_root));
        Assert.Null(RaplMeter.TryOpen(Path.Combine(_root, "absent")));
    }

    private void Package(string name, long energy, long range)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "max_energy_range_uj"), $"{range}\n");
        File.WriteAllText(Path.Combine(folder, "energy_uj"), $"{energy}\n");
    }
}
