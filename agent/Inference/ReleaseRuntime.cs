using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Inference;

/// <summary>A release with every variant resident. Answers frames for one thread at a time: its loader, then its trial, then the frame loop.</summary>
internal sealed class ReleaseRuntime : IDisposable
{
    // Two timings of the same kernels differ by less than this on a busy machine; modelled costs are exact.
    private const double MeasurementNoise = 0.1;
    private readonly List<ResidentVariant> _variants = [];

    /// <param name="release">Verified.</param>
    /// <param name="meter">For its frames; owned from now on.</param>
    public ReleaseRuntime(TrustedRelease release, IEnergyMeter meter)
    {
        (Release, Meter) = (release, meter);
        Input = GC.AllocateArray<float>(release.Manifest.Input.Bytes, pinned: true);
    }

    /// <summary>The release.</summary>
    public TrustedRelease Release { get; }

    /// <summary>Energy of its frames.</summary>
    public IEnergyMeter Meter { get; }

    /// <summary>Input of every variant, pinned, [channels, height, width].</summary>
    public float[] Input { get; }

    /// <summary>Fewest bits first.</summary>
    public IReadOnlyList<ResidentVariant> Variants => _variants;

    /// <summary>Where latencies come from.</summary>
    public MeterSource LatencySource => _variants[0].Costs.LatencySource;

    /// <summary>Adds the next variant, more bits than those before.</summary>
    public void Add(ResidentVariant variant) => _variants.Add(variant);

    /// <summary>Indices of the variants that no other one dominates on this device, ascending.</summary>
    public int[] Offered() => VariantDominance.Offered(
        [.. _variants.Select(v => v.Costs.Typical)], LatencySource == MeterSource.Modelled && Meter.Source == MeterSource.Modelled ? 0 : MeasurementNoise);

    /// <summary>Makes a policy ready for this release.</summary>
    /// <param name="policy">Without faults.</param>
    /// <param name="framesPerSecond">Rate at which frames come.</param>
    /// <param name="ticksPerSecond">Of the timestamps of decisions.</param>
    public PrecisionPlan Plan(PrecisionPolicy policy, double framesPerSecond, long ticksPerSecond) => new(
        policy, [.. _variants.Select(v => v.Costs.AtObjective)], Offered(), new DeviceLoad(framesPerSecond, Meter.IdleMilliwatts), ticksPerSecond);

    /// <summary>Precisions of some variants.</summary>
    public IReadOnlyList<Precision> BitsOf(int[] indices) => [.. indices.Select(i => _variants[i].Bits)];

    /// <summary>Cost of each variant, for the controller.</summary>
    public IReadOnlyList<MeasuredVariant> Measured() => [.. _variants.Select(v => v.Costs.Report(Meter.Source))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ResidentVariant variant in _variants)
            variant.Dispose();
        Meter.Dispose();
        NativeHeap.Trim();
    }
}
