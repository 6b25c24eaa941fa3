using System.Globalization;
using System.Xml.Linq;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>The loop nest of each layer at each precision, closed until asked for.</summary>
internal static class LoopNests
{
    /// <summary>One element per layer.</summary>
    public static IEnumerable<XElement> Of(NetworkMapping mapping) =>
        mapping.Precisions.SelectMany(p => p.Layers.Select(l => (p.Precision, Layer: l))).GroupBy(l => l.Layer.Layer, StringComparer.Ordinal)
        .Select(g => Markup.Element(
            "details",
            Markup.Element("summary", Markup.Element("b", g.Key), " ", Markup.Element("small", ShapeOf(g.First().Layer.Workload))),
            Markup.Styled("div", "nests", g.Select(l => Nest(l.Precision.ToString(), l.Layer)))));

    private static XElement Nest(string precision, LayerMapping layer)
    {
        Cost cost = layer.Searched.Cost;
        OperandBits bits = layer.Bits;
        string limit = Limiter.LevelOf(layer.Searched.Breakdown) ?? LevelColours.MacName;
        return Markup.Element(
            "figure",
            Markup.Element(
                "figcaption", Markup.Element("b", precision), " ",
                $"{EnergyParts.Text(cost.EnergyPicojoules)}, {Quantity.Count(cost.Cycles)} cycles, limited by {limit}",
                Markup.Element("br"),
                Markup.Element("small", string.Create(
                    CultureInfo.InvariantCulture, $"bits: weights {bits.Weights}, inputs {bits.Inputs}, outputs {bits.Outputs}, partial sums {bits.PartialSums}")),
                layer.Searched.Padded is LoopBounds padded ? Markup.Element("small", $"; padded to {LoopsOf(padded)}") : null),
            Markup.Element("pre", LoopNestText.Of(layer.Searched.Dataflow)));
    }

    private static string ShapeOf(Workload workload)
    {
        string kind = workload.IsDepthwise ? ", depthwise" : "";
        string stride = workload.Stride > 1 ? string.Create(CultureInfo.InvariantCulture, $", stride {workload.Stride}") : "";
        string groups = workload.Groups > 1 ? string.Create(CultureInfo.InvariantCulture, $", {workload.Groups} groups") : "";
        return $"{LoopsOf(workload.Bounds)}{kind}{stride}{groups}, {Quantity.Count((double)workload.MacsPerGroup * workload.Groups)} multiply-accumulates";
    }

    private static string LoopsOf(LoopBounds bounds) => string.Join(
        " ", Enum.GetValues<Dimension>().Where(d => bounds[d] > 1).Select(d => string.Create(CultureInfo.InvariantCulture, $"{d}={bounds[d]}")));
}
