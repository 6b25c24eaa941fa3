using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Energy per layer, stacked by memory level.</summary>
internal static class LayerEnergyPanel
{
    private const int Intervals = 5;

    /// <summary>Draws the panel.</summary>
    public static void Draw(Drawing drawing, LayerRows rows, IReadOnlyList<LayerMapping> layers, LevelColours colours)
    {
        double greatest = layers.Select(l => l.Searched.Cost.EnergyPicojoules).DefaultIfEmpty().Max();
        Axis axis = Axis.Linear(greatest * EnergyParts.JoulesPerPicojoule, rows.Left, rows.Right, Intervals);
        (double scale, string prefix) = Quantity.ScaleOf(axis.Ticks[^1]);
        drawing.Write((rows.Left, 16), $"Energy, {prefix}J", "panel");
        AxisLines.Upright(drawing, axis, (LayerRows.Top, rows.Bottom), t => Quantity.Plain(t / scale), rows.AxisBaseLines);
        for (int row = 0; row < layers.Count; row++)
        {
            LayerMapping layer = layers[row];
            CostBreakdown parts = layer.Searched.Breakdown;
            StackedBar bar = new(drawing, axis, LayerRows.BarTop(row), LayerRows.BarHeight);
            void Add(string name, string style, double picojoules) => bar.Add(
                picojoules * EnergyParts.JoulesPerPicojoule, style,
                $"{layer.Layer}, {name}: {EnergyParts.Text(picojoules)} of {EnergyParts.Text(layer.Searched.Cost.EnergyPicojoules)}");
            Add(LevelColours.MacName, LevelColours.Mac, parts.MacPicojoules);
            foreach (LevelBreakdown level in parts.Levels)
            {
                Add(level.Level, colours.Of(level.Level), EnergyParts.TotalOf(level));
            }

            double bound = layer.Bound.EnergyPicojoules;
            LayerRows.DrawBound(drawing, axis, row, bound * EnergyParts.JoulesPerPicojoule, $"{layer.Layer}, bound: {EnergyParts.Text(bound)}");
        }
    }
}
