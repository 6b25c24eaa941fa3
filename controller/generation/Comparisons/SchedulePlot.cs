using System.Globalization;
using System.Text;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using static InstantNet.Generation.Comparisons.SvgLines;

namespace InstantNet.Generation.Comparisons;

/// <summary>Draws a comparison: accuracy over bit-width, a line per schedule, a bar of one standard deviation up and down.</summary>
public static class SchedulePlot
{
    private const int Left = 60, Top = 20, Width = 520, Height = 300, LegendWidth = 140, AxisHeight = 50;

    // A point's schedules stand side by side, so that their bars do not hide each other.
    private const int Dodge = 7;

    /// <summary>Writes the drawing, whole or not at all.</summary>
    /// <param name="path">File to make or replace.</param>
    /// <param name="report">What to draw.</param>
    public static void Write(string path, ScheduleComparisonReport report) => AtomicFile.Write(path, s => s.Write(Encoding.UTF8.GetBytes(ToSvg(report))));

    /// <summary>The drawing as an SVG document.</summary>
    public static string ToSvg(ScheduleComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        (double low, double high, double tick) = Axis(report);
        StringBuilder svg = new();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + Width + LegendWidth}\" height=\"{Top + Height + AxisHeight}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (double percent = low; percent <= high + 1e-9; percent += tick)
        {
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(percent):F1}\" y2=\"{Y(percent):F1}\" stroke=\"#ddd\"/>");
            Add(svg, $"<text x=\"{Left - 8}\" y=\"{Y(percent) + 4:F1}\" text-anchor=\"end\">{percent:0.#} %</text>");
        }

        foreach ((int place, Precision bits) in report.Setting.Bits.Index())
            Add(svg, $"<text x=\"{X(place):F1}\" y=\"{Top + Height + 20}\" text-anchor=\"middle\">{bits}</text>");
        Add(svg, $"<text x=\"{Left + (Width / 2)}\" y=\"{Top + Height + 42}\" text-anchor=\"middle\">test accuracy, {report.Setting.Dataset}, {report.Setting.Seeds} seeds, {report.Setting.Quantizer}</text>");
        foreach ((int index, ScheduleSummary schedule) in report.Schedules.Index())
            Draw(index, schedule);
        return svg.Append("</svg>\n").ToString();

        double X(int place) => Left + (Width * (place + 0.5) / report.Setting.Bits.Count);

        double Y(double percent) => Top + (Height * (high - percent) / (high - low));

        void Draw(int index, ScheduleSummary schedule)
        {
            string color = ColorOf(index);
            double aside = Dodge * (index - ((report.Schedules.Count - 1) / 2.0));
            List<string> line = [];
            foreach ((int place, AccuracySummary accuracy) in schedule.Accuracy.Index())
            {
                if (accuracy.Mean is not double mean)
                    continue;
                double x = X(place) + aside, y = Y(100 * mean), deviation = 100 * (accuracy.StandardDeviation ?? 0);
                line.Add(string.Create(CultureInfo.InvariantCulture, $"{x:F1},{y:F1}"));
                Add(svg, $"<line x1=\"{x:F1}\" x2=\"{x:F1}\" y1=\"{Y((100 * mean) - deviation):F1}\" y2=\"{Y((100 * mean) + deviation):F1}\" stroke=\"{color}\" stroke-width=\"2\"/>");
                Add(svg, $"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"4\" fill=\"{color}\"/>");
            }

            Add(svg, $"<polyline points=\"{string.Join(' ', line)}\" fill=\"none\" stroke=\"{color}\" opacity=\"0.6\"/>");
            Add(svg, $"<circle cx=\"{Left + Width + 16}\" cy=\"{Top + 10 + (20 * index)}\" r=\"4\" fill=\"{color}\"/>");
            Add(svg, $"<text x=\"{Left + Width + 26}\" y=\"{Top + 14 + (20 * index)}\">{schedule.Schedule}</text>");
        }
    }

    /// <summary>Percent at the ends of the axis, whole ticks with everything between; the whole scale where nothing is to be drawn.</summary>
    private static (double Low, double High, double Tick) Axis(ScheduleComparisonReport report)
    {
        double[] ends =
        [
            .. report.Schedules.SelectMany(s => s.Accuracy).Where(a => a.Mean is not null)
                .SelectMany(a => (double[])[a.Mean!.Value - (a.StandardDeviation ?? 0), a.Mean.Value + (a.StandardDeviation ?? 0)]),
        ];
        if (ends.Length == 0)
            return (0, 100, 10);
        double low = 100 * ends.Min(), high = 100 * ends.Max(), tick = (high - low) switch { > 20 => 10, > 5 => 2, _ => 0.5 };
        return (tick * Math.Floor((low / tick) - 0.1), tick * Math.Ceiling((high / tick) + 0.1), tick);
    }
}
