using System.Globalization;
using System.Xml.Linq;
using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Generation.Runs.Reports;

/// <summary>How sure each precision is of each class, image by image: precisions side by side, classes as bars.</summary>
/// <remarks>Source of the comparison: Fu et al., InstantNet, DAC 2021, figure 2.</remarks>
internal static class PredictionChart
{
    private const double NameWidth = 120;
    private const double CellWidth = 170;
    private const double CellGap = 18;
    private const double RowHeight = 76;
    private const double BarsHeight = 44;
    private const double Top = 26;
    private const int MostClasses = 16;

    /// <summary>The chart.</summary>
    /// <param name="report">With golden answers.</param>
    /// <param name="answers">Class of each golden frame; empty where unknown.</param>
    public static XElement Of(RunReport report, IReadOnlyList<int> answers)
    {
        int images = report.Variants.Count == 0 ? 0 : report.Variants.Min(v => v.GoldenLogits.Count);
        if (images == 0)
            return Markup.Styled("p", "note", "The run holds no golden answers.");
        Drawing drawing = new(NameWidth + (report.Variants.Count * (CellWidth + CellGap)), Top + (images * RowHeight), "Softmax per class, image and precision");
        foreach ((int column, VariantReport variant) in report.Variants.Index())
            drawing.Write((ColumnAt(column), 14), variant.Bits.ToString(), "panel");
        for (int image = 0; image < images; image++)
        {
            double y = Top + (image * RowHeight);
            int answer = image < answers.Count ? answers[image] : -1;
            drawing.Write((0, y + 14), string.Create(CultureInfo.InvariantCulture, $"image {image + 1}"), "tick");
            if (answer >= 0)
                drawing.Write((0, y + 30), report.Dataset.Labels[answer]);
            int[] classes = Shown(Softmax.Of(report.Variants[^1].GoldenLogits[image]), answer);
            foreach ((int column, VariantReport variant) in report.Variants.Index())
                Draw(drawing, (ColumnAt(column), y), Softmax.Of(variant.GoldenLogits[image]), classes, answer, report.Dataset.Labels);
        }

        return drawing.Element;
    }

    private static double ColumnAt(int column) => NameWidth + (column * (CellWidth + CellGap));

    // Of many classes, those that the highest precision finds likeliest, and the right one.
    private static int[] Shown(double[] likely, int answer) => likely.Length <= MostClasses
        ? [.. Enumerable.Range(0, likely.Length)]
        : [.. Enumerable.Range(0, likely.Length).OrderByDescending(c => c == answer ? 2 : likely[c]).Take(MostClasses).Order()];

    private static void Draw(Drawing drawing, (double X, double Y) at, double[] shares, int[] classes, int answer, IReadOnlyList<string> labels)
    {
        int said = Array.IndexOf(shares, shares.Max());
        double floor = at.Y + 18 + BarsHeight, width = CellWidth / classes.Length;
        drawing.Write((at.X, at.Y + 14), $"{labels[said]} {Quantity.Share(shares[said])}", said == answer || answer < 0 ? "tick" : "tick wrong");
        drawing.Line((at.X, floor), (at.X + CellWidth, floor), "divide");
        foreach ((int place, int label) in classes.Index())
        {
            double height = Math.Max(0.5, shares[label] * BarsHeight);
            drawing.Box(
                at.X + (place * width) + 1, floor - height, width - 2, height, label == answer ? "searched" : "level-0",
                $"{labels[label]}: {Quantity.Share(shares[label])}");
        }
    }
}
