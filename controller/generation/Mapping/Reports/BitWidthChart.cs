using System.Globalization;
using System.Xml.Linq;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Energy–delay product over bit-widths, both axes logarithmic, each line named at its end.</summary>
internal static class BitWidthChart
{
    private const double Left = 76;
    private const double Right = 390;
    private const double Top = 14;
    private const double LeastBottom = 286;
    private const double AxisRoom = 44;
    private const double LabelLeft = 412;
    private const double LabelGap = 17;
    private const double NameLeft = LabelLeft + 14;
    private const double CharacterWidth = 7;
    private const double BaseLine = 4;

    /// <summary>One line: its name, look, and energy–delay product in joule-seconds per bit-width.</summary>
    internal sealed record Series(string Name, string Style, MarkShape Shape, IReadOnlyList<(int Bits, double JouleSeconds)> Points);

    /// <summary>The chart; products that a logarithm does not have are left out, and so is a line without any other.</summary>
    public static XElement Of(IEnumerable<Series> lines)
    {
        Series[] shown = [.. lines.Select(l => l with { Points = [.. l.Points.Where(p => Axis.IsShown(p.JouleSeconds))] }).Where(l => l.Points.Count > 0)];
        if (shown.Length == 0)
            return Markup.Styled("p", "note", "No product is above 0.");
        double[] bits = [.. shown.SelectMany(l => l.Points).Select(p => (double)p.Bits).Distinct().Order()];
        Axis across = Axis.Logarithmic(bits, Left, Right).With(bits);
        double bottom = Math.Max(LeastBottom, Top + ((shown.Length - 1) * LabelGap));
        Axis up = Axis.Logarithmic(shown.SelectMany(l => l.Points).Select(p => p.JouleSeconds), bottom, Top);
        Drawing drawing = new(NameLeft + (shown.Max(l => l.Name.Length) * CharacterWidth), bottom + AxisRoom, "Energy–delay product over bit-widths");
        AxisLines.Level(drawing, up, (Left, Right), t => Quantity.Tick(t, "J·s"));
        AxisLines.Upright(drawing, across, (Top, bottom), Quantity.Plain, bottom + 18);
        drawing.Write(((Left + Right) / 2, bottom + 36), "bits of weights and activations", "axis middle");

        double[] labels = LabelSpacing.Spread([.. shown.Select(l => up.At(l.Points[^1].JouleSeconds))], LabelGap, Top, bottom);
        for (int i = shown.Length - 1; i >= 0; i--)
        {
            Draw(drawing, shown[i], across, up, labels[i]);
        }

        return drawing.Element;
    }

    private static void Draw(Drawing drawing, Series line, Axis across, Axis up, double labelY)
    {
        (double X, double Y)[] points = [.. line.Points.Select(p => (across.At(p.Bits), up.At(p.JouleSeconds)))];
        drawing.Path(points, "line " + line.Style);
        drawing.Line((points[^1].X + 7, points[^1].Y), (LabelLeft - 4, labelY), "leader");
        for (int i = 0; i < points.Length; i++)
        {
            drawing.Mark(line.Shape, points[i], line.Style, string.Create(
                CultureInfo.InvariantCulture, $"{line.Name}, {line.Points[i].Bits}-bit: {Quantity.Of(line.Points[i].JouleSeconds, "J·s")}"));
        }

        drawing.Mark(line.Shape, (LabelLeft + 4, labelY), line.Style);
        drawing.Write((NameLeft, labelY + BaseLine), line.Name);
    }
}
