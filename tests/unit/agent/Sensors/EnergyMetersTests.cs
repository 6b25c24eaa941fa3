using System.Diagnostics;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Inference;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class EnergyMetersTests : IDisposable
{
    private readonly SysfsTree _sys = new();
    private readonly ManualClock _clock = new();
    private readonly TinyRelease _release = new([4, 8]);

    public void Dispose()
    {
        _release.Dispose();
        _sys.Dispose();
    }

    [Fact]
    public void A_class_with_predicted_costs_is_modelled_whatever_the_processor_counts()
    {
        _sys.WithServer();
        using EnergyMeters meters = Meters("eyeriss-168");
        using IEnergyMeter meter = meters.Open(WithDataflow);

        meter.Begin();

        Assert.Equal((MeterSource.Modelled, "dataflow", 12.0), (meter.Source, meter.Name, meter.IdleMilliwatts));
        Assert.Equal((0.4, 0.8), (meter.End(new Precision(4)), meter.End(new Precision(8))));
    }

    [Fact]
    public void A_monitor_on_the_board_is_better_than_its_model()
    {
        _sys.WithRaspberryPi().WithServer();
        using EnergyMeters meters = Meters("eyeriss-168");
        using IEnergyMeter meter = meters.Open(WithDataflow);

        Assert.Equal((MeterSource.Measured, "hwmon:ina219-1"), (meter.Source, meter.Name));
    }

    [Fact]
    public void A_class_without_costs_uses_the_counters_of_the_machine()
    {
        _sys.WithServer();
        using EnergyMeters meters = Meters("cpu");
        using IEnergyMeter meter = meters.Open(WithDataflow);

        Assert.Equal((MeterSource.Measured, "rapl"), (meter.Source, meter.Name));
    }

    [Fact]
    public void The_battery_measures_where_nothing_better_does_and_only_while_it_is_discharged()
    {
        _sys.WithLaptop();
        using SysfsBattery battery = new(_sys.Root, _clock);
        using EnergyMeters meters = new(WireId.Parse("cpu"), new MeterSources(_sys.Root, _clock) { Battery = battery });
        using IEnergyMeter meter = meters.Open(WithDataflow);
        string whileDischarged = meter.Name;
        meter.Begin();
        _clock.Advance(TimeSpan.FromSeconds(2));
        double energyMj = meter.End(new Precision(8));

        _sys.Set($"{SysfsTree.Battery0}/status", "Charging");
        _clock.Advance(TimeSpan.FromSeconds(1));
        meter.Begin();

        Assert.Equal(("battery:BAT0+BAT1", "processor"), (whileDischarged, meter.Name));
        Assert.Equal(2 * 9500, energyMj, 6);
        Assert.Equal("battery:BAT0+BAT1 is not being discharged, so it does not tell what the device draws", MeterReport.Of(meter)!.Silent);
    }

    [Theory]
    [InlineData("auto", true, "Hwmon,Dataflow,Battery,Processor")]
    [InlineData("auto", false, "Hwmon,Rapl,Battery,Processor")]
    [InlineData("rapl", true, "Rapl,Hwmon,Dataflow,Battery,Processor")]
    [InlineData("processor", false, "Processor,Hwmon,Rapl,Battery")]
    public void The_order_is_fixed_and_configuration_can_put_one_first(string word, bool hasDataflow, string order) =>
        Assert.Equal(order, string.Join(',', MeterOrder.For(word, hasDataflow)));

    [Fact]
    public async Task A_device_with_a_meter_rests_before_its_first_release()
    {
        _sys.WithRaspberryPi();
        using EnergyMeters meters = Meters("cpu");

        Task rest = meters.RestAsync(WithDataflow, CancellationToken.None);
        while (!rest.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await rest;

        using IEnergyMeter meter = meters.Open(WithDataflow);
        Assert.Equal(2650, meter.IdleMilliwatts, 6);
        await meters.RestAsync(WithDataflow, CancellationToken.None); // Known: at once.
    }

    [Fact]
    public void A_frame_that_fails_leaves_no_energy_running()
    {
        _sys.WithServer();
        using EnergyMeters meters = Meters("cpu");
        using IEnergyMeter meter = meters.Open(WithDataflow);

        meter.Begin();
        _sys.Set($"{SysfsTree.Package0}/energy_uj", 1_004_000);
        meter.Begin();
        _sys.Set($"{SysfsTree.Package0}/energy_uj", 1_005_000);

        Assert.Equal(1.0, meter.End(new Precision(8)), 9);
    }

    [Fact]
    public void A_reading_allocates_nothing()
    {
        _sys.WithServer().WithRaspberryPi();
        foreach (string word in (string[])["rapl", "hwmon"])
        {
            using EnergyMeters meters = new(WireId.Parse("cpu"), new MeterSources(_sys.Root, TimeProvider.System) { Meter = word });
            using IEnergyMeter meter = meters.Open(WithDataflow);
            Measure(meter, 100);
            long before = GC.GetAllocatedBytesForCurrentThread();

            Measure(meter, 1000);

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void A_machine_without_counters_estimates_from_processor_time()
    {
        using EnergyMeters meters = Meters("cpu");
        using IEnergyMeter meter = meters.Open(_release.Trusted.Manifest);
        long until = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 50;

        meter.Begin();
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetTimestamp() < until)
            Math.SinCos(began);
        double energyMj = meter.End(new Precision(8));

        Assert.Equal(MeterSource.Estimated, meter.Source);
        Assert.InRange(energyMj, 0.001, Stopwatch.GetElapsedTime(began).TotalMilliseconds * 5 * 1.01);
    }

    [Fact]
    public void A_prediction_for_some_precisions_only_is_no_model()
    {
        ReleaseManifest manifest = _release.WithCosts("eyeriss-168").Manifest;
        ReleaseManifest partly = manifest with { Variants = [manifest.Variants[0], manifest.Variants[1] with { Costs = [] }] };

        using EnergyMeters meters = Meters("eyeriss-168");
        Assert.Empty(meters.PredictedCosts(partly));
    }

    private ReleaseManifest WithDataflow => _release.WithCosts("eyeriss-168").Manifest;

    private EnergyMeters Meters(string deviceClass) => new(WireId.Parse(deviceClass), new MeterSources(_sys.Root, _clock));

    private static void Measure(IEnergyMeter meter, int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            meter.Begin();
            meter.End(new Precision(8));
        }
    }
}
