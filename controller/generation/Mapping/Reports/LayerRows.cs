namespace InstantNet.Generation.Mapping.Reports;

/// <summary>The part of a chart where each layer has a row, between two edges.</summary>
/// <param name="Left">Of the panel.</param>
/// <param name="Right">Of the panel.</param>
/// <param name="Count">Layers.</param>
internal sealed record LayerRows(double Left, double Right, int Count)
{
    /// <summary>Pixels from row to row.</summary>
    public const double Height = 18;

    /// <summary>Thickness of a bar.</summary>
    public const double BarHeight = 12;

    /// <summary>Upper edge of the first row: title and axis are above it.</summary>
    public const double Top = 46;

    private const double AxisAbove = Top - 7;
    private const double AxisBelow = 15;
    private const int ManyRows = 20;

    /// <summary>Lower edge of the last row.</summary>
    public double Bottom => Top + (Count * Height);

    /// <summary>Where the axis has its labels: above, and below again when the top is out of sight.</summary>
    public double[] AxisBaseLines => Count > ManyRows ? [AxisAbove, Bottom + AxisBelow] : [AxisAbove];

    /// <summary>Height of the whole chart.</summary>
    public double ChartHeight => Bottom + (Count > ManyRows ? AxisBelow + 8 : 6);

    /// <summary>Centre of a row.</summary>
    public static double Middle(int row) => Top + ((row + 0.5) * Height);

    /// <summary>Upper edge of a row's bar.</summary>
    public static double BarTop(int row) => Middle(row) - (BarHeight / 2);

    /// <summary>Marks the layer's bound on its bar.</summary>
    public static void DrawBound(Drawing drawing, Axis axis, int row, double value, string tip)
    {
        if (Axis.IsShown(value))
            drawing.Line((axis.At(value), BarTop(row) - 1.5), (axis.At(value), BarTop(row) + BarHeight + 1.5), FlowMarks.Bound, tip);
    }
}
