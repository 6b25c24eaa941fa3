using System.Xml.Linq;
using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>What a frame costs, in numbers.</summary>
internal static class CostTables
{
    private static readonly string[] ResourceNames = ["DSPs", "18 Kibit block RAMs"];

    /// <summary>A row per precision: what the search chose, what it saves, how far it is from the bound.</summary>
    public static XElement Summary(NetworkMapping mapping) => Markup.Styled(
        "table", "numbers",
        Head(
        [
            "bits", "energy", "latency", "interval", "frames per second", "EDP", "saved against the best expert", "EDP ÷ bound's EDP", "engines",
            .. mapping.Precisions.Any(p => p.Resources is not null) ? ResourceNames : [],
        ]),
        mapping.Precisions.Select(p => Markup.Element(
            "tr", Markup.Element("th", Quantity.Plain(p.Precision.Bits)), Cell(Energy(p.Searched)), Cell(Seconds(p.Searched.LatencyMilliseconds)),
            Cell(Seconds(p.Searched.IntervalMilliseconds)), Cell(Quantity.Count(p.Searched.FramesPerSecond)),
            Markup.Styled("td", "main", Edp(p.Searched)), BestExpert(p),
            Cell(Quantity.Ratio(p.Searched.EnergyDelayJouleSeconds / p.Bound.EnergyDelayJouleSeconds)), Cell(Quantity.Plain(p.Engines)), Resources(p.Resources))));

    /// <summary>A row per flow: its energy–delay product at each precision and what the search saves against it.</summary>
    public static XElement Flows(NetworkMapping mapping, FlowMarks marks) => Markup.Styled(
        "table", "numbers",
        Head(["EDP", .. mapping.Precisions.Select(p => p.Precision.ToString())]),
        Row("strong", "searched", Swatch.Mark(MarkShape.Disc, FlowMarks.Searched), mapping.Precisions.Select(p => Cell(Edp(p.Searched)))),
        mapping.Precisions.SelectMany(p => p.Experts).Select(e => e.Flow).Distinct(StringComparer.Ordinal).Select(flow => Row(
            "", flow, marks.SwatchOf(flow), mapping.Precisions.Select(p => Expert(p, flow)))),
        Row("", "bound", Swatch.Mark(MarkShape.Disc, FlowMarks.Bound), mapping.Precisions.Select(p => Cell(Edp(p.Bound)))));

    /// <summary>A row per precision and memory level: energy of each tensor.</summary>
    public static XElement Energies(NetworkMapping mapping) => Markup.Styled(
        "table", "numbers",
        Head(["level", .. EnergyParts.Names, "together", "share"]),
        mapping.Precisions.SelectMany(p => EnergyRows(p, EnergyParts.Sum(p.Layers.Select(l => l.Searched.Breakdown)))));

    /// <summary>A row per mapping: what a frame costs at each precision.</summary>
    /// <param name="mappings">Each with what it is called.</param>
    /// <param name="marks">Of those names.</param>
    public static XElement Comparison(IReadOnlyList<(string Name, NetworkMapping Mapping)> mappings, FlowMarks marks)
    {
        Precision[] precisions = [.. mappings.SelectMany(m => m.Mapping.Precisions).Select(p => p.Precision).Distinct().Order()];
        return Markup.Styled(
            "table", "numbers", Head(["searched", .. precisions.Select(p => p.ToString())]),
            mappings.Select(m => Row(
                "", m.Name, marks.SwatchOf(m.Name), precisions.Select(p => Frame(m.Mapping.Precisions.FirstOrDefault(x => x.Precision == p)?.Searched)))));
    }

    private static IEnumerable<XElement> EnergyRows(PrecisionMapping mapped, EnergyParts parts)
    {
        yield return Markup.Element(
            "tr", Markup.Element("th", $"{mapped.Precision} {LevelColours.MacName}"), EnergyParts.Names.Select(_ => Cell("")),
            Cell(EnergyParts.Text(parts.MacPicojoules)), Cell(Quantity.Share(parts.MacPicojoules / parts.Picojoules)));
        foreach (LevelBreakdown level in parts.Levels)
        {
            yield return Markup.Element(
                "tr", Markup.Element("th", $"{mapped.Precision} {level.Level}"), EnergyParts.Of(level).Select(e => Cell(EnergyParts.Text(e))),
                Cell(EnergyParts.Text(EnergyParts.TotalOf(level))), Cell(Quantity.Share(EnergyParts.TotalOf(level) / parts.Picojoules)));
        }
    }

    private static XElement[] Resources(FpgaUse? use)
    {
        static XElement Of(long used, long budget) =>
            Markup.Styled("td", used > budget ? "over" : "", $"{Quantity.Plain(used)} of {Quantity.Plain(budget)}{(used > budget ? ": too many" : "")}");
        return use is null ? [] : [Of(use.Dsps, use.Budget.Dsps), Of(use.Bram18Kibits, use.Budget.Bram18Kibits)];
    }

    private static XElement Frame(FrameCost? cost) => cost is null
        ? Cell(Quantity.Absent)
        : Cell(Edp(cost), Markup.Element("br"), Markup.Element("small", $"{Energy(cost)}, {Seconds(cost.IntervalMilliseconds)}"));

    private static XElement BestExpert(PrecisionMapping mapped) =>
        mapped.Experts.Count == 0 ? Cell(Quantity.Absent) : Cell(Saved(mapped, mapped.BestExpert()), " ", Markup.Element("small", mapped.BestExpert().Flow));

    private static XElement Expert(PrecisionMapping mapped, string flow) =>
        mapped.Experts.FirstOrDefault(e => e.Flow == flow) is FlowCost expert
            ? Cell(Edp(expert.Cost), Markup.Element("br"), Markup.Element("small", $"saved {Saved(mapped, expert)}"))
            : Cell(Quantity.Absent);

    private static string Saved(PrecisionMapping mapped, FlowCost expert) =>
        Quantity.Share(1 - (mapped.Searched.EnergyDelayJouleSeconds / expert.Cost.EnergyDelayJouleSeconds));

    private static string Energy(FrameCost cost) => Quantity.Of(cost.EnergyMillijoules * 1e-3, "J");

    private static string Seconds(double milliseconds) => Quantity.Of(milliseconds * 1e-3, "s");

    private static string Edp(FrameCost cost) => Quantity.Of(cost.EnergyDelayJouleSeconds, "J·s");

    private static XElement Head(params string[] names) => Markup.Element("tr", names.Select(n => Markup.Element("th", n)));

    private static XElement Row(string style, string name, XElement swatch, IEnumerable<XElement> cells) =>
        Markup.Styled("tr", style, Markup.Element("th", swatch, name), cells);

    private static XElement Cell(params object[] content) => Markup.Element("td", content);
}
