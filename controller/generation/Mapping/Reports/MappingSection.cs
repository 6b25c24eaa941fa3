using System.Globalization;
using System.Xml.Linq;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Everything about one mapping.</summary>
internal sealed class MappingSection(NetworkMapping mapping, FlowMarks marks)
{
    private readonly LevelColours _colours = new(mapping);

    /// <summary>The section.</summary>
    /// <param name="id">What links lead to.</param>
    /// <param name="heading">What it is called.</param>
    public XElement Element(string id, string heading)
    {
        XElement section = Markup.Element(
            "section",
            Markup.Element("h2", heading),
            Markup.Styled(
                "p", "note",
                string.Create(CultureInfo.InvariantCulture, $"Searched for the least {NameOf(mapping.Objective)}, seed {mapping.Seed}. "),
                "All figures are for one frame; EDP is energy times the interval from frame to frame."),
            Wide(CostTables.Summary(mapping)),
            mapping.Precisions.Count == 0 ? null : Charts());
        section.SetAttributeValue("id", id);
        return section;
    }

    private object[] Charts() =>
    [
        Markup.Element("h3", "Energy–delay product over bit-widths"),
        Markup.Styled("div", "beside", Wide(BitWidthChart.Of(Lines())), Wide(CostTables.Flows(mapping, marks))),
        Markup.Element("h3", "Where the energy of a frame goes"),
        Wide(EnergyChart.Legend(_colours)),
        Wide(EnergyChart.Of(mapping, _colours)),
        Markup.Element("details", Markup.Element("summary", "Numbers"), Wide(CostTables.Energies(mapping))),
        Markup.Element("h3", "Layer by layer"),
        _colours.Legend(),
        marks.Legend(),
        mapping.Precisions.Select(Layers),
        Markup.Element("h3", "Energy against latency of the network"),
        marks.Legend(
            Markup.Element("span", Swatch.Mark(MarkShape.Disc, FlowMarks.Searched), "chosen"),
            Markup.Element("span", Swatch.Mark(MarkShape.Dot, "front"), "Pareto front"),
            Markup.Element("span", Swatch.Mark(MarkShape.Disc, FlowMarks.Bound), "bound of the engines chosen")),
        Markup.Styled("div", "beside", mapping.Precisions.Select(p => FrontierChart.Of(p, marks))),
        Markup.Element("h3", "Loop nests"),
        LoopNests.Of(mapping),
    ];

    private IEnumerable<BitWidthChart.Series> Lines()
    {
        BitWidthChart.Series Line(string name, string style, MarkShape shape, Func<PrecisionMapping, FrameCost?> cost) => new(
            name, style, shape, [.. mapping.Precisions.Select(p => (p.Precision.Bits, cost(p)?.EnergyDelayJouleSeconds ?? double.NaN))]);
        return
        [
            Line("searched", FlowMarks.Searched, MarkShape.Disc, p => p.Searched),
            .. marks.Names.Select(n => Line(n, marks.StyleOf(n), marks.ShapeOf(n), p => p.Experts.FirstOrDefault(e => e.Flow == n)?.Cost)),
            Line("bound", FlowMarks.Bound, MarkShape.Disc, p => p.Bound),
        ];
    }

    private XElement Layers(PrecisionMapping mapped)
    {
        XElement details = Markup.Styled(
            "details", "layers",
            Markup.Element("summary", Markup.Element("b", mapped.Precision.ToString()), " ", Markup.Element("small", LimitsOf(mapped))),
            Wide(LayerChart.Of(mapped, _colours, marks)));
        if (mapped == mapping.Precisions[0] || mapped == mapping.Precisions[^1])
            details.SetAttributeValue("open", "open");
        return details;
    }

    private static string LimitsOf(PrecisionMapping mapped)
    {
        double all = mapped.Layers.Sum(l => (double)l.Searched.Cost.Cycles);
        IEnumerable<string> limits = mapped.Layers
            .GroupBy(l => Limiter.LevelOf(l.Searched.Breakdown) ?? LevelColours.MacName, StringComparer.Ordinal)
            .Select(g => (Name: g.Key, Layers: g.Count(), Cycles: g.Sum(l => (double)l.Searched.Cost.Cycles)))
            .OrderByDescending(g => g.Cycles)
            .Select(g => string.Create(
                CultureInfo.InvariantCulture, $"{g.Name} limits {g.Layers} of {mapped.Layers.Count} layers, {Quantity.Share(g.Cycles / all)} of the cycles"));
        return string.Join("; ", mapped.Engines > 1 ? limits.Append(EnginesOf(mapped)) : limits);
    }

    private static string EnginesOf(PrecisionMapping mapped) => string.Create(
        CultureInfo.InvariantCulture,
        $"a pipeline of engines e0 to e{mapped.Engines - 1}: each has a part of the array, the experts' layers have all of it");

    private static XElement Wide(XElement content) => Markup.Styled("div", "wide", content);

    private static string NameOf(MapObjective objective) => objective switch
    {
        MapObjective.Energy => "energy",
        MapObjective.Latency => "latency",
        _ => "energy–delay product",
    };
}
