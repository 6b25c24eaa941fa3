using System.Globalization;
using System.Security;
using System.Text;

namespace InstantNet.Agent.Replay;

/// <summary>Draws a comparison over time: battery above, bits below, a line per policy.</summary>
internal static class ReplayPlot
{
    private const int Left = 60, Width = 640, Height = 180, Gap = 50, Top = 40, Legend = 180, Most = 32;

    // Okabe and Ito, 2008: told apart by colour-blind eyes too.
    private static readonly string[] Colors = ["#0072B2", "#E69F00", "#D55E00", "#009E73"];

    /// <summary>An SVG document.</summary>
    public static string ToSvg(PolicyComparison comparison)
    {
        StringBuilder svg = new();
        double end = comparison.Results.Max(r => r.Samples.Max(s => s.Seconds));
        int bits = Top + Height + Gap;
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + Width + Legend}\" height=\"{bits + Height + Gap}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        Add(svg, $"<text x=\"{Left}\" y=\"20\" font-size=\"14\">{SecurityElement.Escape(comparison.Trace)}: battery, percent, and bit-width over {end / 3600:0} hours</text>");
        for (int step = 0; step <= 4; step++)
        {
            Grid(svg, Top + Height - Height * step / 4, $"{25 * step} %");
            Grid(svg, bits + Height - Height * step / 4, $"{Most / 4 * step} bit");
        }

        foreach ((int i, ReplayResult result) in comparison.Results.Index())
        {
            Draw(svg, result.Samples.Select(s => (s.Seconds, (double?)s.BatteryPct)), end, Top, 100, Colors[i]);
            Draw(svg, result.Samples.Select(s => (s.Seconds, s.Bits)), end, bits, Most, Colors[i]);
            Add(svg, $"<rect x=\"{Left + Width + 16}\" y=\"{Top + 20 * i}\" width=\"12\" height=\"12\" fill=\"{Colors[i]}\"/>");
            Add(svg, $"<text x=\"{Left + Width + 34}\" y=\"{Top + 11 + 20 * i}\">{result.Policy}</text>");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Grid(StringBuilder svg, int y, string label)
    {
        Add(svg, $"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#ddd\"/>");
        Add(svg, $"<text x=\"{Left - 8}\" y=\"{y + 4}\" text-anchor=\"end\">{label}</text>");
    }

    private static void Draw(StringBuilder svg, IEnumerable<(double Seconds, double? Value)> points, double end, int top, double most, string color)
    {
        IEnumerable<string> places = points.Where(p => p.Value is not null).Select(p => string.Create(
            CultureInfo.InvariantCulture, $"{Left + Width * p.Seconds / Math.Max(1, end):0.0},{top + Height * (1 - p.Value!.Value / most):0.0}"));
        Add(svg, $"<polyline points=\"{string.Join(' ', places)}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>");
    }

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
