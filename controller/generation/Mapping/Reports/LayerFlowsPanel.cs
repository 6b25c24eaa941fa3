using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Energy–delay product of each expert flow per layer, relative to what the search chose.</summary>
internal static class LayerFlowsPanel
{
    /// <summary>Draws the panel; a quotient that a logarithm does not have is left out.</summary>
    public static void Draw(Drawing drawing, LayerRows rows, IReadOnlyList<LayerMapping> layers, FlowMarks marks)
    {
        static double Relative(LayerMapping layer, LayerFlow flow) => flow.Searched.Cost.EnergyDelay / layer.Searched.Cost.EnergyDelay;
        Axis axis = Axis.Logarithmic(layers.SelectMany(l => l.Experts.Select(e => Relative(l, e))).Append(1), rows.Left, rows.Right);
        drawing.Write((rows.Left, 16), "EDP of experts ÷ EDP of the search", "panel");
        AxisLines.Upright(drawing, axis, (LayerRows.Top, rows.Bottom), t => Quantity.Plain(t) + "×", rows.AxisBaseLines);
        drawing.Line((axis.At(1), LayerRows.Top - 3), (axis.At(1), rows.Bottom), FlowMarks.Searched, "searched");
        for (int row = 0; row < layers.Count; row++)
        {
            foreach (LayerFlow flow in layers[row].Experts)
            {
                double relative = Relative(layers[row], flow);
                if (Axis.IsShown(relative))
                {
                    drawing.Mark(
                        marks.ShapeOf(flow.Flow), (axis.At(relative), LayerRows.Middle(row)), marks.StyleOf(flow.Flow),
                        $"{layers[row].Layer}, {flow.Flow}: {Quantity.Ratio(relative)}");
                }
            }
        }
    }
}
