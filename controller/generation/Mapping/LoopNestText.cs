using System.Globalization;
using System.Text;

namespace InstantNet.Generation.Mapping;

/// <summary>Writes a dataflow as the loop nest that it is.</summary>
public static class LoopNestText
{
    private const int IndentWidth = 2;

    /// <summary>One line per level and per loop, inner loops indented, '\n' after each line.</summary>
    public static string Of(Dataflow dataflow)
    {
        ArgumentNullException.ThrowIfNull(dataflow);
        StringBuilder text = new();
        int depth = 0;
        foreach (DataflowLevel block in dataflow.Levels)
        {
            string keeps = block.Keeps.Count == 0 ? "nothing" : string.Join(", ", block.Keeps.Select(k => k.ToString().ToLowerInvariant()));
            Line(text, depth, $"{block.Level} [keeps {keeps}]");
            foreach (TemporalLoop loop in block.Temporal)
            {
                Line(text, depth++, string.Create(CultureInfo.InvariantCulture, $"for {Letter(loop.Dimension)} in 0..{loop.Bound}"));
            }

            foreach (SpatialLoop loop in block.Spatial)
            {
                Line(text, depth++, string.Create(CultureInfo.InvariantCulture, $"parallel for {Letter(loop.Dimension)} in 0..{loop.Bound} along {loop.Axis}"));
            }
        }

        Line(text, depth, "multiply-accumulate");
        return text.ToString();
    }

    private static string Letter(Dimension dimension) => dimension.ToString().ToLowerInvariant();

    private static void Line(StringBuilder text, int depth, string line) => text.Append(' ', depth * IndentWidth).Append(line).Append('\n');
}
