using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Cycles per layer, coloured by what limits them.</summary>
internal static class LayerCyclesPanel
{
    private const int Intervals = 5;

    /// <summary>Draws the panel.</summary>
    public static void Draw(Drawing drawing, LayerRows rows, IReadOnlyList<LayerMapping> layers, LevelColours colours)
    {
        Axis axis = Axis.Linear(layers.Select(l => (double)l.Searched.Cost.Cycles).DefaultIfEmpty().Max(), rows.Left, rows.Right, Intervals);
        (double scale, string prefix) = Quantity.ScaleOf(axis.Ticks[^1]);
        drawing.Write((rows.Left, 16), $"Cycles{(prefix.Length > 0 ? ", " + prefix : "")}, by what limits them", "panel");
        AxisLines.Upright(drawing, axis, (LayerRows.Top, rows.Bottom), t => Quantity.Plain(t / scale), rows.AxisBaseLines);
        for (int row = 0; row < layers.Count; row++)
        {
            LayerMapping layer = layers[row];
            string? level = Limiter.LevelOf(layer.Searched.Breakdown);
            string limit = $"limited by {level ?? LevelColours.MacName}; the units alone need {Quantity.Count(layer.Searched.Breakdown.MacCycles)}";
            new StackedBar(drawing, axis, LayerRows.BarTop(row), LayerRows.BarHeight).Add(
                layer.Searched.Cost.Cycles, level is null ? LevelColours.Mac : colours.Of(level),
                $"{layer.Layer}: {Quantity.Count(layer.Searched.Cost.Cycles)} cycles, {limit}");
            LayerRows.DrawBound(drawing, axis, row, layer.Bound.Cycles, $"{layer.Layer}, bound: {Quantity.Count(layer.Bound.Cycles)} cycles");
        }
    }
}
