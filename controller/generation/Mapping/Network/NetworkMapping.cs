using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>A network mapped on one device class at several precisions.</summary>
/// <param name="Network">Its name.</param>
/// <param name="DeviceClass">Id of the class.</param>
/// <param name="Seed">Of the search.</param>
/// <param name="Objective">What the search made small.</param>
/// <param name="Precisions">Lowest first.</param>
public sealed record NetworkMapping(
    string Network, string DeviceClass, long Seed, MapObjective Objective, IReadOnlyList<PrecisionMapping> Precisions);

/// <summary>A network mapped at one precision; all figures are for one frame.</summary>
/// <param name="Precision">Of the network; the first and the last layer keep at least 8 bits.</param>
/// <param name="Searched">The mappings that the search chose.</param>
/// <param name="Engines">Engines of the chosen organisation: 1 is multi-cycle, more is a pipeline of layer groups.</param>
/// <param name="Bound">What no mapping can go below.</param>
/// <param name="Experts">The expert flows, each searched over what it leaves open.</param>
/// <param name="Frontier">Mappings of the network none of which is both hungrier and slower than another, least energy first.</param>
/// <param name="Resources">What the engines take of an FPGA; null for other classes.</param>
/// <param name="Layers">In running order.</param>
public sealed record PrecisionMapping(
    Precision Precision,
    FrameCost Searched,
    int Engines,
    FrameCost Bound,
    IReadOnlyList<FlowCost> Experts,
    IReadOnlyList<FrameCost> Frontier,
    FpgaUse? Resources,
    IReadOnlyList<LayerMapping> Layers)
{
    /// <summary>The expert flow with the least energy–delay product.</summary>
    public FlowCost BestExpert() => Experts.MinBy(e => e.Cost.EnergyDelayJouleSeconds) ?? throw new InvalidOperationException("No expert flow was mapped.");
}

/// <summary>A family of dataflows with what a frame costs under it.</summary>
/// <param name="Flow">Its name.</param>
/// <param name="Cost">Of the whole network.</param>
public sealed record FlowCost(string Flow, FrameCost Cost);

/// <summary>What one frame costs.</summary>
/// <param name="EnergyMillijoules">Dynamic energy; idle power is not in it.</param>
/// <param name="LatencyMilliseconds">From the first layer's start to the last one's end.</param>
/// <param name="IntervalMilliseconds">From frame to frame when frames follow at once; the latency, unless the network is pipelined.</param>
public sealed record FrameCost(double EnergyMillijoules, double LatencyMilliseconds, double IntervalMilliseconds)
{
    /// <summary>Energy times frame interval in joule-seconds: what one more frame costs. It favours pipelines, whose latency is longer.</summary>
    public double EnergyDelayJouleSeconds => EnergyMillijoules * 1e-3 * (IntervalMilliseconds * 1e-3);

    /// <summary>Frames in a second, one after the other without a pause.</summary>
    public double FramesPerSecond => 1e3 / IntervalMilliseconds;
}

/// <summary>One layer on one class at one precision.</summary>
/// <param name="Layer">Its name in the network.</param>
/// <param name="Workload">Its loops.</param>
/// <param name="Bits">Widths of its words.</param>
/// <param name="Engine">Which engine runs it, from 0.</param>
/// <param name="Searched">Chosen by the search.</param>
/// <param name="Experts">The best of each expert flow.</param>
/// <param name="Bound">What no mapping can go below, all groups.</param>
public sealed record LayerMapping(
    string Layer, Workload Workload, OperandBits Bits, int Engine, LayerDataflow Searched, IReadOnlyList<LayerFlow> Experts, Cost Bound);

/// <summary>A layer under an expert flow.</summary>
/// <param name="Flow">Its name.</param>
/// <param name="Searched">The best that the search found within it.</param>
public sealed record LayerFlow(string Flow, LayerDataflow Searched);

/// <summary>A dataflow with what it costs.</summary>
/// <param name="Dataflow">How one group runs.</param>
/// <param name="Cost">Of all groups.</param>
/// <param name="Breakdown">Of all groups: where the cost goes.</param>
/// <param name="Padded">Trip counts that the loops multiply to when they are padded; null when they are the layer's own.</param>
public sealed record LayerDataflow(Dataflow Dataflow, Cost Cost, CostBreakdown Breakdown, LoopBounds? Padded = null);
