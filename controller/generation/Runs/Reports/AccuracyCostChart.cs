using System.Xml.Linq;
using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Generation.Runs.Reports;

/// <summary>Accuracy against a cost: a point per precision, and the stairs of what nothing else beats in both.</summary>
internal static class AccuracyCostChart
{
    private const double Width = 366;
    private const double Height = 290;
    private const double Left = 52;
    private const double Right = 336;
    private const double Top = 30;
    private const double Bottom = 240;
    private const double LabelGap = 13;
    private const int Intervals = 6;

    /// <summary>The points of one run; a cost that is not above 0 is left out.</summary>
    internal sealed record Series(string Name, string Style, MarkShape Shape, IReadOnlyList<(int Bits, double Cost, double Accuracy)> Points);

    /// <summary>The chart.</summary>
    /// <param name="what">The cost, for the axis.</param>
    /// <param name="unit">Of the cost.</param>
    /// <param name="series">One of each run.</param>
    public static XElement Of(string what, string unit, IReadOnlyList<Series> series)
    {
        (Series Run, int Bits, double Cost, double Accuracy)[] all =
            [.. series.SelectMany(s => s.Points.Where(p => Axis.IsShown(p.Cost)).Select(p => (s, p.Bits, p.Cost, p.Accuracy)))];
        if (all.Length == 0)
            return Markup.Styled("p", "note", $"{what}: unknown.");
        Axis across = Axis.Logarithmic(all.Select(p => p.Cost), Left, Right);
        Axis up = Axis.Between(all.Min(p => p.Accuracy), all.Max(p => p.Accuracy), Bottom, Top, Intervals);
        Drawing drawing = new(Width, Height, $"Accuracy against {what}");
        drawing.Write((Left, 16), "accuracy", "axis");
        AxisLines.Level(drawing, up, (Left, Right), CourseChart.Percent);
        AxisLines.Upright(drawing, across, (Top, Bottom), t => Quantity.Tick(t, unit), Bottom + 18);
        drawing.Write(((Left + Right) / 2, Bottom + 38), what, "axis middle");
        (double X, double Y)[] stairs = [.. Stairs([.. Frontier([.. all.Select(p => (p.Cost, p.Accuracy))]).Select(p => (across.At(p.Cost), up.At(p.Accuracy)))])];
        drawing.Path([.. stairs, (Right, stairs[^1].Y)], "line front");
        (double X, double Y)[] places = [.. all.Select(p => (across.At(p.Cost), up.At(p.Accuracy)))];
        double[] labels = Labels(places);
        for (int i = 0; i < all.Length; i++)
        {
            (Series run, int bits, double cost, double accuracy) = all[i];
            drawing.Mark(run.Shape, places[i], run.Style, $"{run.Name}, {bits}-bit: {CourseChart.Percent(accuracy)}, {Quantity.Of(cost, unit)}");
            drawing.Write((places[i].X + 6, labels[i]), $"{bits}", "tick");
        }

        return drawing.Element;
    }

    /// <summary>The points that no other one beats in cost and accuracy both, cheapest first.</summary>
    internal static IReadOnlyList<(double Cost, double Accuracy)> Frontier(IReadOnlyList<(double Cost, double Accuracy)> points)
    {
        List<(double Cost, double Accuracy)> frontier = [];
        foreach ((double cost, double accuracy) in points.OrderBy(p => p.Cost).ThenByDescending(p => p.Accuracy))
        {
            if (frontier.Count == 0 || accuracy > frontier[^1].Accuracy)
                frontier.Add((cost, accuracy));
        }

        return frontier;
    }

    // Between two points, the cheaper one's accuracy is what can be had.
    private static IEnumerable<(double X, double Y)> Stairs((double X, double Y)[] points) =>
        points.SelectMany((p, i) => i == 0 ? [p] : new[] { (p.X, points[i - 1].Y), p });

    // Labels of points above one another must not lie on one another.
    private static double[] Labels((double X, double Y)[] places)
    {
        double[] labels = new double[places.Length];
        foreach (IGrouping<double, int> column in Enumerable.Range(0, places.Length).GroupBy(i => Math.Round(places[i].X / LabelGap)))
        {
            int[] members = [.. column];
            double[] spread = LabelSpacing.Spread([.. members.Select(i => places[i].Y)], LabelGap, Top, Bottom);
            foreach ((int member, double y) in members.Zip(spread))
            {
                labels[member] = y - 5;
            }
        }

        return labels;
    }
}
