using InstantNet.Contracts;

namespace InstantNet.Generation.Runs;

/// <summary>What the mapper found for one class of device: the file mapping-{class}.json of a run folder.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="DeviceClass">Class.</param>
/// <param name="IdleMw">Power of the class while it waits, milliwatts.</param>
/// <param name="Seconds">Wall time of the search.</param>
/// <param name="EvaluationsPerLayer">Mappings costed per distinct layer, precision and flow.</param>
/// <param name="Precisions">Fewest bits first.</param>
public sealed record MappingReport(
    int V, WireId DeviceClass, double IdleMw, double Seconds, long EvaluationsPerLayer, IReadOnlyList<MappedPrecision> Precisions)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>The network on the class at one precision.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Dataflow">File in the run folder with every layer's dataflow.</param>
/// <param name="EnergyMj">Per frame, searched, millijoules.</param>
/// <param name="LatencyMs">Per frame, searched, milliseconds.</param>
/// <param name="EdpJs">Energy-delay product, searched, joule seconds.</param>
/// <param name="ExpertEdpJs">The same of the best expert flow.</param>
public sealed record MappedPrecision(Precision Bits, string Dataflow, double EnergyMj, double LatencyMs, double EdpJs, double ExpertEdpJs);
