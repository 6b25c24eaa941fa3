using System.Text;
using System.Xml.Linq;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Generation.Runs.Reports;

/// <summary>A report of trained runs for people: one HTML file that needs nothing else. Stateless.</summary>
public static class RunHtml
{
    /// <summary>Writes a finished run's own report.html, from what its folder holds.</summary>
    /// <param name="folder">Of the run.</param>
    public static void Write(RunFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Write(folder, folder.ReadReport());
    }

    /// <summary>The same of a run whose report is about to be written.</summary>
    internal static void Write(RunFolder folder, RunReport report) =>
        AtomicFile.Write(folder.ReportPage, s => s.Write(Encoding.UTF8.GetBytes(Of([RunContent.Read(folder, report, baselines: null)]))));

    /// <summary>The report as HTML that is well-formed XML too; the same runs give the same text.</summary>
    /// <param name="runs">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static string Of(IReadOnlyList<RunContent> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
            throw new ArgumentException("A report needs a run.", nameof(runs));
        string title = runs.Count == 1 ? $"{runs[0].Name}: {runs[0].Report.Network} on {runs[0].Report.Dataset.Name}" : $"{runs.Count} runs";
        return ReportPage.Of(
            title, script: null,
            runs.Count > 1 ? Frontiers(runs) : null,
            runs.Select(r => new RunSection(r).Element(runs.Count == 1 ? "Result" : r.Name)),
            runs.Count == 1 ? Frontiers(runs) : null);
    }

    private static XElement Frontiers(IReadOnlyList<RunContent> runs)
    {
        string[] classes = [.. runs.SelectMany(r => r.Mappings).Select(m => m.DeviceClass.Value).Distinct(StringComparer.Ordinal)];
        string[] names = [.. runs.Select((r, i) => runs.Count(o => o.Name == r.Name) > 1 ? $"{r.Name} ({i + 1})" : r.Name)];
        FlowMarks marks = new(names);
        return Markup.Element(
            "section", Markup.Element("h2", "Accuracy against cost"),
            Markup.Styled(
                "p", "note", "Each point is a precision; the stairs are what no other point beats in both. Accuracy is ONNX Runtime's on all test images.",
                classes.Length == 0 ? " './instantnet map run' adds energy–delay products." : " Energy and latency are modelled by the mapper, a frame each."),
            runs.Count > 1 ? marks.Legend() : null,
            Markup.Styled(
                "div", "beside",
                Markup.Styled("div", "wide", Scatter("multiply–accumulates of a frame", "", (r, _) => r.Report.MultiplyAccumulates)),
                classes.Select(c => Markup.Styled("div", "wide", Scatter($"energy–delay product on {c}", "J·s", (r, v) => EdpOf(r, v, c))))));

        XElement Scatter(string what, string unit, Func<RunContent, VariantReport, double> cost) => AccuracyCostChart.Of(
            what, unit,
            [
                .. runs.Select((r, i) => new AccuracyCostChart.Series(
                    names[i], marks.StyleOf(names[i]), marks.ShapeOf(names[i]), [.. r.Report.Variants.Select(v => (v.Bits.Bits, cost(r, v), v.Accuracy))])),
            ]);
    }

    private static double EdpOf(RunContent run, VariantReport variant, string deviceClass) =>
        run.Mappings.FirstOrDefault(m => m.DeviceClass.Value == deviceClass)?.Precisions.FirstOrDefault(p => p.Bits == variant.Bits)?.EdpJs ?? double.NaN;
}
