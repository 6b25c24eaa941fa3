using InstantNet.Contracts;

namespace InstantNet.Generation.Mapping;

/// <summary>A network mapped on one device class at several precisions.</summary>
/// <param name="Network">Its name.</param>
/// <param name="DeviceClass">Id of the class.</param>
/// <param name="Seed">Of the search.</param>
/// <param name="Precisions">Lowest first.</param>
public sealed record NetworkMapping(string Network, string DeviceClass, long Seed, IReadOnlyList<PrecisionMapping> Precisions);

/// <summary>A network mapped at one precision; all figures are for one frame.</summary>
/// <param name="Precision">Of the network; the first and the last layer keep at least 8 bits.</param>
/// <param name="Searched">Sum over the layers of the mappings that the search chose.</param>
/// <param name="Expert">The same for the row-stationary flow; never a smaller energy–delay product than <paramref name="Searched"/>.</param>
/// <param name="Compulsory">What no mapping can go below.</param>
/// <param name="Layers">In running order.</param>
public sealed record PrecisionMapping(
    Precision Precision, FrameCost Searched, FrameCost Expert, FrameCost Compulsory, IReadOnlyList<LayerMapping> Layers);

/// <summary>What one frame costs.</summary>
/// <param name="EnergyMillijoules">Dynamic energy; idle power is not in it.</param>
/// <param name="LatencyMilliseconds">Layers one after another at the class's clock.</param>
public sealed record FrameCost(double EnergyMillijoules, double LatencyMilliseconds)
{
    /// <summary>Energy–delay product in joule-seconds.</summary>
    public double EnergyDelayJouleSeconds => EnergyMillijoules * 1e-3 * (LatencyMilliseconds * 1e-3);
}

/// <summary>One layer on one class at one precision.</summary>
/// <param name="Layer">Its name in the network.</param>
/// <param name="Workload">Its loops.</param>
/// <param name="Bits">Widths of its words.</param>
/// <param name="Searched">Chosen by the search.</param>
/// <param name="Expert">The best row-stationary one.</param>
/// <param name="Compulsory">What no mapping can go below, all groups.</param>
public sealed record LayerMapping(
    string Layer, Workload Workload, OperandBits Bits, LayerDataflow Searched, LayerDataflow Expert, Cost Compulsory);

/// <summary>A dataflow with what it costs.</summary>
/// <param name="Dataflow">How one group runs.</param>
/// <param name="Cost">Of all groups.</param>
public sealed record LayerDataflow(Dataflow Dataflow, Cost Cost);
