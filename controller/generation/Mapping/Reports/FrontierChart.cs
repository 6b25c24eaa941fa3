using System.Xml.Linq;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Energy against latency of the network at one precision: the Pareto front, what was chosen, the expert flows and the bound.</summary>
internal static class FrontierChart
{
    private const double Width = 366;
    private const double Height = 300;
    private const double Left = 62;
    private const double Right = 352;
    private const double Top = 30;
    private const double Bottom = 254;

    /// <summary>The chart; a cost without a place on logarithmic axes is left out.</summary>
    public static XElement Of(PrecisionMapping mapped, FlowMarks marks)
    {
        FrameCost[] frontier = [.. mapped.Frontier.Where(IsShown).OrderBy(c => c.EnergyMillijoules)];
        FlowCost[] experts = [.. mapped.Experts.Where(e => IsShown(e.Cost))];
        FrameCost[] costs = [.. frontier.Concat(experts.Select(e => e.Cost)).Append(mapped.Searched).Append(mapped.Bound).Where(IsShown)];
        if (costs.Length == 0)
            return Markup.Styled("p", "note", $"{mapped.Precision}: no cost is above 0.");
        Axis across = Axis.Logarithmic(costs.Select(c => c.EnergyMillijoules * 1e-3), Left, Right);
        Axis up = Axis.Logarithmic(costs.Select(c => c.LatencyMilliseconds * 1e-3), Bottom, Top);
        (double X, double Y) Place(FrameCost cost) => (across.At(cost.EnergyMillijoules * 1e-3), up.At(cost.LatencyMilliseconds * 1e-3));

        Drawing drawing = new(Width, Height, $"Energy and latency at {mapped.Precision}");
        drawing.Write((Left, 16), mapped.Precision.ToString(), "panel");
        AxisLines.Level(drawing, up, (Left, Right), t => Quantity.Tick(t, "s"));
        AxisLines.Upright(drawing, across, (Top, Bottom), t => Quantity.Tick(t, "J"), Bottom + 16);
        drawing.Write(((Left + Right) / 2, Height - 10), "energy", "axis middle");
        drawing.Write((Left - 8, 16), "latency", "axis end");
        if (IsShown(mapped.Bound))
        {
            (double x, double y) = Place(mapped.Bound);
            // A pipeline's bound holds for its own engines: one engine has a shorter latency.
            if (mapped.Engines == 1)
                drawing.Path([(x, Top), (x, y), (Right, y)], "line bound");
            drawing.Mark(MarkShape.Disc, (x, y), FlowMarks.Bound, Tip("bound", mapped.Bound));
        }

        drawing.Path(Stairs([.. frontier.Select(Place)]), "line front");
        foreach (FrameCost cost in frontier)
        {
            drawing.Mark(MarkShape.Dot, Place(cost), "front", Tip("Pareto front", cost));
        }

        foreach (FlowCost expert in experts)
        {
            drawing.Mark(marks.ShapeOf(expert.Flow), Place(expert.Cost), marks.StyleOf(expert.Flow), Tip(expert.Flow, expert.Cost));
        }

        if (IsShown(mapped.Searched))
            drawing.Mark(MarkShape.Disc, Place(mapped.Searched), FlowMarks.Searched, Tip("chosen", mapped.Searched));
        return drawing.Element;
    }

    private static bool IsShown(FrameCost cost) => Axis.IsShown(cost.EnergyMillijoules) && Axis.IsShown(cost.LatencyMilliseconds);

    // Between two points only the worse of both energies and latencies can be reached.
    private static IEnumerable<(double X, double Y)> Stairs((double X, double Y)[] points) =>
        points.SelectMany((p, i) => i == 0 ? [p] : new[] { (p.X, points[i - 1].Y), p });

    private static string Tip(string name, FrameCost cost)
    {
        static string Seconds(double milliseconds) => Quantity.Of(milliseconds * 1e-3, "s");
        string times = $"latency {Seconds(cost.LatencyMilliseconds)}, interval {Seconds(cost.IntervalMilliseconds)}";
        return $"{name}: {Quantity.Of(cost.EnergyMillijoules * 1e-3, "J")}, {times}, EDP {Quantity.Of(cost.EnergyDelayJouleSeconds, "J·s")}";
    }
}
