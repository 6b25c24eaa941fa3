using System.Globalization;
using System.Xml.Linq;
using InstantNet.Contracts;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Generation.Runs.Reports;

/// <summary>A row per precision: accuracy before and after export, size, and what baselines reach.</summary>
internal static class AccuracyTable
{
    /// <summary>The table.</summary>
    public static XElement Of(RunContent run)
    {
        IReadOnlyList<ScheduleSummary> baselines = run.Baselines?.Schedules ?? [];
        string[] heads = ["precision", "ONNX Runtime", "torch", "difference, points", "same predictions", "model", .. baselines.Select(b => b.Schedule)];
        return Markup.Styled(
            "table", "numbers",
            Markup.Element("tr", heads.Select(n => Markup.Element("th", n))),
            run.Report.Variants.Select(v => Markup.Element(
                "tr", Markup.Element("th", v.Bits.ToString()), Markup.Styled("td", "main", Percent(v.Accuracy)), Cell(Percent(v.TrainedAccuracy)),
                Cell(Number(v.ParityPoints, "+0.00;-0.00;0.00")), Cell(Percent(v.SamePredictions)), Cell(Number(v.ModelBytes / 1024.0, "N0") + " KiB"),
                baselines.Select(b => Cell(Baseline(b, v.Bits))))));
    }

    private static string Baseline(ScheduleSummary schedule, Precision bits) => schedule.Accuracy.FirstOrDefault(a => a.Bits == bits) switch
    {
        null => Quantity.Absent,
        { Mean: null } => "diverged",
        { Mean: double mean, StandardDeviation: double deviation } => $"{Percent(mean)} ± {Number(deviation * 100, "F2")}",
        { Mean: double mean } => Percent(mean),
    };

    private static XElement Cell(string text) => Markup.Element("td", text);

    private static string Percent(double part) => Number(part * 100, "F2") + " %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
