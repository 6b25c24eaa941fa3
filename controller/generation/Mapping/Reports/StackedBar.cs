namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Lays parts end to end; parts too thin to be seen, zero or not a number are left out.</summary>
internal sealed class StackedBar(Drawing drawing, Axis axis, double top, double height)
{
    private const double LeastWidth = 0.05;
    private double _sum;

    /// <summary>Place of the end of what was added.</summary>
    public double End => axis.At(_sum);

    /// <summary>Adds a part after the others.</summary>
    /// <param name="value">In the axis's unit.</param>
    /// <param name="style">Classes.</param>
    /// <param name="tip">Shown under the pointer.</param>
    public void Add(double value, string style, string tip)
    {
        if (!Axis.IsShown(value))
            return;
        double from = axis.At(_sum);
        _sum += value;
        double width = axis.At(_sum) - from;
        if (width >= LeastWidth)
            drawing.Box(from, top, width, height, style, tip);
    }
}
