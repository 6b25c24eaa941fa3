using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>What a dataflow document costs, worked out anew.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Precision">Bits at which the network runs.</param>
/// <param name="Cost">Of all groups.</param>
/// <param name="Bound">What no mapping of the layer can go below.</param>
/// <param name="Utilization">Part of the units' time that does work, 0..1.</param>
/// <param name="LimitedBy">What sets the cycles: a memory level, or MACs.</param>
/// <param name="Breakdown">Where the cost goes.</param>
public sealed record CostedDataflow(
    string Layer, Precision Precision, Cost Cost, Cost Bound, double Utilization, string LimitedBy, CostBreakdown Breakdown)
{
    private const string Units = "MACs";

    /// <summary>Costs a document.</summary>
    /// <param name="document">As read.</param>
    /// <param name="chosen">The class to cost it on; null is the one that it names.</param>
    /// <param name="effects">What is charged beyond Timeloop's accounting.</param>
    /// <exception cref="InvalidDataException">The dataflow is not legal on the class; one sentence says why.</exception>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public static CostedDataflow Of(DataflowDocument document, DeviceClass? chosen, PhysicalEffects effects)
    {
        ArgumentNullException.ThrowIfNull(document);
        CheckedDataflow flow = CheckedDataflow.From(document, ArchitectureOf(chosen ?? DeviceClasses.Load(document.DeviceClass)));
        CostModel model = new(flow.Workload, flow.Architecture, document.Bits, effects: effects);
        Cost one = model.Evaluate(flow.Mapping.View, new long[model.CountsLength]), bound = LowerBound.Of(model);
        CostBreakdown breakdown = model.Breakdown(flow.Mapping.View).Times(model.Repeats);
        LevelBreakdown slowest = breakdown.Levels.MaxBy(l => l.Cycles)!;
        return new CostedDataflow(
            document.Layer, document.Precision, Whole(one, model), Whole(bound, model), model.Utilization(flow.Mapping.View, one),
            slowest.Cycles > breakdown.MacCycles ? slowest.Level : Units, breakdown);
    }

    private static Architecture ArchitectureOf(DeviceClass device) => device.Accelerator?.Architecture
        ?? throw new ArgumentException($"Device class '{device.Id}' has no dataflow: its latency and energy are measured on the device.");

    private static Cost Whole(Cost cost, CostModel model) => new(cost.EnergyPicojoules * model.Repeats, cost.Cycles * model.Repeats);
}
