using System.Xml.Linq;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Where the energy of a frame goes: a bar per precision for what the search chose, and one for the best expert flow on one engine.</summary>
internal static class EnergyChart
{
    private const double Width = 1120;
    private const double Left = 190;
    private const double Right = 1030;
    private const double Top = 30;
    private const double BarHeight = 20;
    private const double BarGap = 4;
    private const double GroupGap = 14;
    private const int Intervals = 8;

    /// <summary>The chart.</summary>
    public static XElement Of(NetworkMapping mapping, LevelColours colours)
    {
        Bar[][] groups = [.. mapping.Precisions.Select(BarsOf)];
        double bottom = Top + groups.Sum(g => (g.Length * (BarHeight + BarGap)) + GroupGap);
        Axis axis = Axis.Linear(groups.SelectMany(g => g).Max(b => b.Parts.Picojoules) * EnergyParts.JoulesPerPicojoule, Left, Right, Intervals);
        (double scale, string prefix) = Quantity.ScaleOf(axis.Ticks[^1]);
        Drawing drawing = new(Width, bottom + 10, "Energy of a frame by memory level and tensor");
        drawing.Write((Left - 12, 16), $"energy, {prefix}J", "axis end");
        AxisLines.Upright(drawing, axis, (Top - 6, bottom), t => Quantity.Plain(t / scale), 16);
        double y = Top;
        foreach (Bar[] group in groups)
        {
            drawing.Write((0, y + 15), group[0].Precision, "strong");
            foreach (Bar bar in group)
            {
                Draw(drawing, bar, axis, y, colours);
                y += BarHeight + BarGap;
            }

            y += GroupGap;
        }

        return drawing.Element;
    }

    /// <summary>Which colour and shade is what.</summary>
    public static XElement Legend(LevelColours colours) => Markup.Styled(
        "table", "shades",
        Markup.Element("tr", Markup.Element("th"), EnergyParts.Names.Select(n => Markup.Element("th", n))),
        colours.Names.Select(level => Markup.Element(
            "tr", Markup.Element("td", level), EnergyParts.Names.Select(part => Markup.Element("td", Swatch.Box($"{colours.Of(level)} {part}"))))),
        Markup.Element("tr", Markup.Element("td", LevelColours.MacName), Markup.Element("td", Swatch.Box(LevelColours.Mac))));

    private static Bar[] BarsOf(PrecisionMapping mapped)
    {
        string precision = mapped.Precision.ToString();
        Bar searched = new(precision, "searched", EnergyParts.Sum(mapped.Layers.Select(l => l.Searched.Breakdown)));
        // A pipeline of engines has a cost as a whole, but no layers under an expert's flow.
        FlowCost? expert = mapped.Experts.Where(e => mapped.Layers.All(l => l.Experts.Any(f => f.Flow == e.Flow))).MinBy(e => e.Cost.EnergyDelayJouleSeconds);
        if (expert is null)
            return [searched];
        IEnumerable<LayerFlow> layers = mapped.Layers.SelectMany(l => l.Experts).Where(f => f.Flow == expert.Flow);
        return [searched, new Bar(precision, expert.Flow, EnergyParts.Sum(layers.Select(f => f.Searched.Breakdown)))];
    }

    private static void Draw(Drawing drawing, Bar bar, Axis axis, double y, LevelColours colours)
    {
        drawing.Write((Left - 12, y + 14), bar.Name, "end");
        StackedBar stack = new(drawing, axis, y, BarHeight);
        string Tip(string part, double picojoules) =>
            $"{bar.Precision} {bar.Name}, {part}: {EnergyParts.Text(picojoules)}, {Quantity.Share(picojoules / bar.Parts.Picojoules)}";
        stack.Add(bar.Parts.MacPicojoules * EnergyParts.JoulesPerPicojoule, LevelColours.Mac, Tip(LevelColours.MacName, bar.Parts.MacPicojoules));
        foreach (LevelBreakdown level in bar.Parts.Levels)
        {
            foreach ((string part, double picojoules) in EnergyParts.Names.Zip(EnergyParts.Of(level)))
            {
                stack.Add(picojoules * EnergyParts.JoulesPerPicojoule, $"{colours.Of(level.Level)} {part}", Tip($"{level.Level} {part}", picojoules));
            }
        }

        drawing.Write((stack.End + 8, y + 14), EnergyParts.Text(bar.Parts.Picojoules));
    }

    private sealed record Bar(string Precision, string Name, EnergyParts Parts);
}
