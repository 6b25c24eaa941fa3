using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>A layer whose best mapping by Timeloop's own mapper is known.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Workload">Its loops; of one group where a layer has several.</param>
/// <param name="Architecture">What it was mapped on.</param>
/// <param name="Best">What Timeloop found.</param>
internal sealed record ComparedLayer(string Layer, Workload Workload, Architecture Architecture, Cost Best);

/// <summary>Our search against Timeloop's on one layer, both in Timeloop's accounting, one group, 16-bit words.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Arch">What it was mapped on.</param>
/// <param name="Timeloop">What Timeloop's mapper found.</param>
/// <param name="Ours">What our search found.</param>
/// <param name="EdpRatio">Our energy–delay product over Timeloop's.</param>
/// <param name="BoundRatio">Our energy–delay product over the lower bound's.</param>
/// <param name="Evaluations">Mappings that our search costed.</param>
/// <param name="Seconds">Time that it took.</param>
/// <param name="Dataflow">What it found.</param>
public sealed record LayerComparison(
    string Layer, string Arch, Cost Timeloop, Cost Ours, double EdpRatio, double BoundRatio, long Evaluations, double Seconds, Dataflow Dataflow);

/// <summary>Our search against Timeloop's.</summary>
/// <param name="Seed">Of our search.</param>
/// <param name="Threads">That it used.</param>
/// <param name="GeometricMean">Of the ratios of the layers.</param>
/// <param name="Largest">Of the ratios.</param>
/// <param name="Layers">In the file's order.</param>
public sealed record ComparisonReport(long Seed, int Threads, double GeometricMean, double Largest, IReadOnlyList<LayerComparison> Layers)
{
    // Energies are sums of doubles: the same mapping may come out a rounding apart.
    private const double Rounding = 1e-12;

    /// <summary>Whether no layer came out worse than Timeloop's.</summary>
    public bool IsNeverWorse => Largest <= 1 + Rounding;
}
