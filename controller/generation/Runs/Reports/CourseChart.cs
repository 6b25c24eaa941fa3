using System.Globalization;
using System.Xml.Linq;
using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Generation.Runs.Reports;

/// <summary>Something over the epochs of a training.</summary>
internal static class CourseChart
{
    private const double Width = 366;
    private const double Height = 270;
    private const double Left = 52;
    private const double Right = 352;
    private const double Top = 30;
    private const double Bottom = 224;
    private const int Intervals = 6;
    private const double Overhang = 0.01;

    /// <summary>How the upright axis and tips write an accuracy.</summary>
    public static readonly Func<double, string> Percent = v => (v * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>How they write a number.</summary>
    public static readonly Func<double, string> Number = v => v.ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>One line; points without a finite value are left out.</summary>
    internal sealed record Line(string Name, string Style, MarkShape Shape, bool Marked, IReadOnlyList<(double Epoch, double Value)> Points);

    /// <summary>The chart.</summary>
    /// <param name="what">Heading.</param>
    /// <param name="text">Writes a value.</param>
    /// <param name="lines">May be none.</param>
    public static XElement Of(string what, Func<double, string> text, IReadOnlyList<Line> lines)
    {
        (Line Line, (double Epoch, double Value)[] Points)[] shown = [.. lines.Select(l => (l, l.Points.Where(p => double.IsFinite(p.Value)).ToArray())).Where(l => l.Item2.Length > 0)];
        if (shown.Length == 0)
            return Markup.Styled("p", "note", $"{what}: nothing was noted.");
        (double Epoch, double Value)[] all = [.. shown.SelectMany(l => l.Points)];
        // Batches do not end where epochs do: what is beyond a whole number of them needs no tick of its own.
        Axis across = Axis.Linear(all.Max(p => p.Epoch) * (1 - Overhang), Left, Right, Intervals);
        Axis up = Axis.Between(all.Min(p => p.Value), all.Max(p => p.Value), Bottom, Top, Intervals);
        Drawing drawing = new(Width, Height, $"{what}, over epochs");
        drawing.Write((Left, 16), what, "panel");
        AxisLines.Level(drawing, up, (Left, Right), text);
        AxisLines.Upright(drawing, across, (Top, Bottom), Quantity.Plain, Bottom + 18);
        drawing.Write(((Left + Right) / 2, Bottom + 36), "epochs", "axis middle");
        foreach ((Line line, (double Epoch, double Value)[] points) in shown)
        {
            drawing.Path(points.Select(p => (across.At(p.Epoch), up.At(p.Value))), "line " + line.Style);
            foreach ((double epoch, double value) in line.Marked ? points : [])
            {
                drawing.Mark(line.Shape, (across.At(epoch), up.At(value)), line.Style, $"{line.Name}, epoch {Number(epoch)}: {text(value)}");
            }
        }

        return drawing.Element;
    }
}
