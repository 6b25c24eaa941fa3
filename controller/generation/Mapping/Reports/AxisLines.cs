namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Draws an axis as thin lines at its ticks; a tick whose label has no room keeps its line only.</summary>
internal static class AxisLines
{
    private const double CharacterWidth = 6.2;
    private const double LabelGap = 8;
    private const double LineHeight = 15;
    private const double BaseLine = 4;

    /// <summary>Upright lines of a horizontal axis.</summary>
    /// <param name="drawing">Drawn on.</param>
    /// <param name="axis">Its places are X.</param>
    /// <param name="span">Top and bottom of the lines.</param>
    /// <param name="label">Text of a tick.</param>
    /// <param name="baseLines">Base lines of the labels; more than one repeats them.</param>
    public static void Upright(Drawing drawing, Axis axis, (double Top, double Bottom) span, Func<double, string> label, params double[] baseLines)
    {
        double free = double.NegativeInfinity;
        foreach (double tick in axis.Ticks)
        {
            double x = axis.At(tick);
            drawing.Line((x, span.Top), (x, span.Bottom), "grid");
            string text = label(tick);
            double half = text.Length * CharacterWidth / 2;
            if (x - half < free)
                continue;
            free = x + half + LabelGap;
            foreach (double y in baseLines)
            {
                drawing.Write((x, y), text, "tick middle");
            }
        }
    }

    /// <summary>Level lines of an upright axis, labels to the left.</summary>
    /// <param name="drawing">Drawn on.</param>
    /// <param name="axis">Its places are Y.</param>
    /// <param name="span">Left and right end of the lines.</param>
    /// <param name="label">Text of a tick.</param>
    public static void Level(Drawing drawing, Axis axis, (double Left, double Right) span, Func<double, string> label)
    {
        double free = double.PositiveInfinity;
        foreach (double tick in axis.Ticks)
        {
            double y = axis.At(tick);
            drawing.Line((span.Left, y), (span.Right, y), "grid");
            if (y > free)
                continue;
            free = y - LineHeight;
            drawing.Write((span.Left - LabelGap, y + BaseLine), label(tick), "tick end");
        }
    }
}
