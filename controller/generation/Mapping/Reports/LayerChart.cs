using System.Globalization;
using System.Xml.Linq;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>The layers of one precision, a row each: energy, cycles and expert flows beside one another, so that a row reads across.</summary>
internal static class LayerChart
{
    private const double Width = 1120;
    private const double PanelsLeft = 172;
    private const double PanelWidth = 290;
    private const double PanelGap = 34;
    private const double EngineLeft = 136;
    private const int LabelCharacters = 18;
    private const double BaseLine = 4;

    /// <summary>The chart.</summary>
    public static XElement Of(PrecisionMapping mapped, LevelColours colours, FlowMarks marks)
    {
        LayerRows[] panels =
        [
            .. Enumerable.Range(0, 3).Select(i => PanelsLeft + (i * (PanelWidth + PanelGap))).Select(x => new LayerRows(x, x + PanelWidth, mapped.Layers.Count)),
        ];
        Drawing drawing = new(Width, panels[0].ChartHeight, $"Layers at {mapped.Precision}: energy, cycles, expert flows");
        Label(drawing, panels[0], mapped);
        LayerEnergyPanel.Draw(drawing, panels[0], mapped.Layers, colours);
        LayerCyclesPanel.Draw(drawing, panels[1], mapped.Layers, colours);
        LayerFlowsPanel.Draw(drawing, panels[2], mapped.Layers, marks);
        return drawing.Element;
    }

    private static void Label(Drawing drawing, LayerRows rows, PrecisionMapping mapped)
    {
        int engine = -1;
        for (int row = 0; row < mapped.Layers.Count; row++)
        {
            LayerMapping layer = mapped.Layers[row];
            double top = LayerRows.Top + (row * LayerRows.Height);
            if (row % 2 == 0)
                drawing.Box(0, top, Width, LayerRows.Height, "row");
            drawing.Write((2, LayerRows.Middle(row) + BaseLine), Shorten(layer.Layer), "", layer.Layer);
            if (mapped.Engines > 1 && layer.Engine != engine)
            {
                engine = layer.Engine;
                if (mapped.Engines < mapped.Layers.Count)
                    drawing.Line((0, top), (Width, top), "divide");
                string name = string.Create(CultureInfo.InvariantCulture, $"e{engine}");
                drawing.Write((EngineLeft, LayerRows.Middle(row) + BaseLine), name, "tick", "engine that runs it");
            }
        }
    }

    // Names of one network differ at their ends more than in the middle.
    private static string Shorten(string name) =>
        name.Length <= LabelCharacters ? name : $"{name[..(LabelCharacters / 3)]}…{name[^(LabelCharacters - 1 - (LabelCharacters / 3))..]}";
}
