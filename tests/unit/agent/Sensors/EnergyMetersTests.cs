using System.Diagnostics;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Inference;

namespace InstantNet.Tests.Unit.Agent.Sensors;

public sealed class EnergyMetersTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("meters-").FullName;
    private readonly TinyRelease _release = new([4, 8]);

    public void Dispose()
    {
        _release.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void A_class_with_predicted_costs_is_modelled()
    {
        ReleaseManifest manifest = _release.WithCosts("eyeriss-168").Manifest;
        using IEnergyMeter meter = new EnergyMeters(WireId.Parse("eyeriss-168"), _root, 5).Open(manifest);

        meter.Begin();

        Assert.Equal((MeterSource.Modelled, 12.0), (meter.Source, meter.IdleMilliwatts));
        Assert.Equal((0.4, 0.8), (meter.End(new Precision(4)), meter.End(new Precision(8))));
    }

    [Fact]
    public void A_class_without_them_uses_the_counters_of_the_machine()
    {
        string package = Directory.CreateDirectory(Path.Combine(_root, "intel-rapl:0")).FullName;
        File.WriteAllText(Path.Combine(package, "energy_uj"), "1\n");
        File.WriteAllText(Path.Combine(package, "max_energy_range_uj"), "1000\n");
        using IEnergyMeter meter = new EnergyMeters(WireId.Parse("cpu"), _root, 5).Open(_release.WithCosts("eyeriss-168").Manifest);

        Assert.Equal(MeterSource.Measured, meter.Source);
    }

    [Fact]
    public void A_machine_without_counters_estimates_from_processor_time()
    {
        using IEnergyMeter meter = new EnergyMeters(WireId.Parse("cpu"), _root, wattsPerCore: 5).Open(_release.Trusted.Manifest);
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

        Assert.Empty(new EnergyMeters(WireId.Parse("eyeriss-168"), _root, 5).PredictedCosts(partly));
    }
}
