using System.Security;
using System.Text;
using InstantNet.Generation.Datasets;
using static InstantNet.Generation.Comparisons.SvgLines;

namespace InstantNet.Generation.Search;

/// <summary>Draws what searches found: accuracy at the lowest bit-width over cost, and for each method the probability of each layer's choices.</summary>
public static class SearchPlot
{
    private const int Left = 70, Top = 30, Width = 420, Height = 260, AxisHeight = 60, Cell = 22, LabelWidth = 70, PanelGap = 46, Ticks = 4;

    /// <summary>Writes the drawing, whole or not at all.</summary>
    /// <param name="path">File to make or replace.</param>
    /// <param name="report">What to draw.</param>
    public static void Write(string path, SearchReport report) => AtomicFile.Write(path, s => s.Write(Encoding.UTF8.GetBytes(ToSvg(report))));

    /// <summary>The drawing as an SVG document.</summary>
    public static string ToSvg(SearchReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        int layers = report.Setting.Frame.Layers, choices = report.Setting.Choices.Count;
        int panel = (choices * Cell) + PanelGap, width = Math.Max(Left + Width + 140, Left + LabelWidth + (layers * Cell) + 20);
        StringBuilder svg = new();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{Top + Height + AxisHeight + (panel * report.Methods.Count) + 20}\" font-family=\"sans-serif\" font-size=\"12\">");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        AddPoints(svg, report);
        foreach ((int index, MethodReport method) in report.Methods.Index())
            AddChoices(svg, report.Setting, method, Top + Height + AxisHeight + (panel * index) + PanelGap);
        return svg.Append("</svg>\n").ToString();
    }

    private static void AddPoints(StringBuilder svg, SearchReport report)
    {
        SearchSetting setting = report.Setting;
        (string Method, double Cost, double Percent, int Index)[] points =
        [
            .. report.Methods.Index().Where(m => m.Item.Search is not null && m.Item.Accuracy.Count > 0)
                .Select(m => (m.Item.Method, m.Item.Search!.Cost, 100 * m.Item.Accuracy[0].Accuracy, m.Index)),
        ];
        (double lowCost, double highCost) = Around([.. points.Select(p => p.Cost), setting.Target.Low, setting.Target.High]);
        (double lowPercent, double highPercent) = Around([.. points.Select(p => p.Percent)]);
        Add(svg, $"<rect x=\"{X(setting.Target.Low):F1}\" y=\"{Top}\" width=\"{X(setting.Target.High) - X(setting.Target.Low):F1}\" height=\"{Height}\" fill=\"#eef4fa\"/>");
        for (int tick = 0; tick <= Ticks; tick++)
        {
            double percent = lowPercent + ((highPercent - lowPercent) * tick / Ticks), cost = lowCost + ((highCost - lowCost) * tick / Ticks);
            Add(svg, $"<line x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(percent):F1}\" y2=\"{Y(percent):F1}\" stroke=\"#ddd\"/>");
            Add(svg, $"<text x=\"{Left - 8}\" y=\"{Y(percent) + 4:F1}\" text-anchor=\"end\">{percent:0.0} %</text>");
            Add(svg, $"<text x=\"{X(cost):F1}\" y=\"{Top + Height + 18}\" text-anchor=\"middle\">{cost:G3}</text>");
        }

        Add(svg, $"<text x=\"{Left + (Width / 2)}\" y=\"{Top + Height + 40}\" text-anchor=\"middle\">{Escape(setting.Cost)} ({Escape(setting.CostUnit)}), target shaded; accuracy at {setting.Bits[0]} on {Escape(setting.Dataset)}</text>");
        foreach ((string method, double cost, double percent, int index) in points)
        {
            string color = ColorOf(index);
            Add(svg, $"<circle cx=\"{X(cost):F1}\" cy=\"{Y(percent):F1}\" r=\"6\" fill=\"{color}\"/>");
            Add(svg, $"<text x=\"{Left + Width + 16}\" y=\"{Top + 14 + (20 * index)}\" fill=\"{color}\">{method} {percent:0.00} %</text>");
        }

        double X(double cost) => Left + (Width * (cost - lowCost) / (highCost - lowCost));

        double Y(double percent) => Top + (Height * (highPercent - percent) / (highPercent - lowPercent));
    }

    /// <summary>A column for each layer, a row for each choice: the darker, the more probable; what was derived is framed.</summary>
    private static void AddChoices(StringBuilder svg, SearchSetting setting, MethodReport method, int top)
    {
        Add(svg, $"<text x=\"{Left}\" y=\"{top - 8}\">{method.Method}{(method.Search is null ? ": nothing found" : ": probability of each choice, layer by layer")}</text>");
        if (method.Search is not { } found)
            return;
        foreach ((int row, string choice) in setting.Choices.Index())
        {
            int y = top + (row * Cell);
            Add(svg, $"<text x=\"{Left + LabelWidth - 8}\" y=\"{y + 15}\" text-anchor=\"end\">{choice}</text>");
            for (int layer = 0; layer < found.Probabilities.Count; layer++)
            {
                int x = Left + LabelWidth + (layer * Cell);
                string frame = found.Network.Choices[layer] == choice ? " stroke=\"#D55E00\" stroke-width=\"2\"" : "";
                Add(svg, $"<rect x=\"{x}\" y=\"{y}\" width=\"{Cell - 3}\" height=\"{Cell - 3}\" fill=\"#0072B2\" fill-opacity=\"{found.Probabilities[layer][row]:F3}\"{frame}/>");
            }
        }
    }

    /// <summary>Ends of an axis with some room around the values.</summary>
    private static (double Low, double High) Around(double[] values)
    {
        if (values.Length == 0)
            return (0, 100);
        double low = values.Min(), high = values.Max(), room = Math.Max(0.15 * (high - low), 0.005 * Math.Abs(high));
        return room > 0 ? (low - room, high + room) : (low - 1, high + 1);
    }

    private static string Escape(string text) => SecurityElement.Escape(text);
}
