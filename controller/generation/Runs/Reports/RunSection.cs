using System.Globalization;
using System.Xml.Linq;
using InstantNet.Contracts;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Mapping.Reports;

namespace InstantNet.Generation.Runs.Reports;

/// <summary>Everything about one run.</summary>
internal sealed class RunSection(RunContent run)
{
    private readonly FlowMarks _marks = new(run.Report.Variants.Select(v => v.Bits.ToString()));

    /// <summary>The section.</summary>
    /// <param name="heading">What it is called.</param>
    public XElement Element(string heading) => Markup.Element(
        "section", Markup.Element("h2", heading), Markup.Styled("p", "note", Summary()), Wide(AccuracyTable.Of(run)), Baselines(), Course(),
        Markup.Element("h3", "What each precision says of the same images"),
        Markup.Styled(
            "p", "note", "Softmax of the scores of the release's golden frames. The bar in the colour of text is the image's class, a name in red is wrong; ",
            "under the pointer is what a bar stands for."),
        Wide(PredictionChart.Of(run.Report, run.Answers)));

    private string Summary()
    {
        RunReport report = run.Report;
        TrainingReport training = report.Training;
        DatasetReport data = report.Dataset;
        string network = $"{report.Network}, {Quantity.Count(report.MultiplyAccumulates)} multiply–accumulates a frame, quantiser {training.Quantizer}";
        string course = string.Create(
            CultureInfo.InvariantCulture,
            $"schedule {training.Schedule}, seed {report.Seed}; {training.Steps} steps, {training.Epochs:0.##} epochs, {training.Seconds:F0} s");
        string images = string.Create(
            CultureInfo.InvariantCulture,
            $"over {data.Train} images of {data.Name} ({data.Input}, changed while training: {data.Augmentation ?? "unknown"}); tested on {data.Test}.");
        string how = $"{network}, {course} {images}";
        if (run.Configuration is not { } began)
            return how;
        RunVersions versions = began.Versions;
        return $"{how} InstantNet {versions.Product}, .NET {versions.Dotnet}, libtorch {versions.Libtorch}, ONNX Runtime {versions.OnnxRuntime}; "
            + $"{began.Machine.Processor}, {began.Machine.Cores} cores.";
    }

    private XElement? Baselines() => run.Baselines is not { Setting: { } setting } ? null : Markup.Styled(
        "p", "note", string.Create(
            CultureInfo.InvariantCulture,
            $"Beside it, schedules at one budget: {setting.Network} on {setting.Dataset}, quantiser {setting.Quantizer}, {setting.BudgetSeconds:F0} s for all, ")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"mean ± deviation over {setting.Seeds} seeds on {setting.TestImages} test images. Their budget and network may be others than this run's."));

    private object?[] Course()
    {
        MetricsLine[] evaluations = [.. run.Metrics.Where(m => m.Evaluation is not null)], training = [.. run.Metrics.Where(m => m.Accuracy is not null)];
        if (training.Length == 0)
            return [];
        double testImages = evaluations.FirstOrDefault()?.TestImages ?? 0;
        return
        [
            Markup.Element("h3", "Training"),
            _marks.Legend(),
            Markup.Styled(
                "div", "beside",
                Wide(CourseChart.Of(
                    string.Create(CultureInfo.InvariantCulture, $"accuracy on {testImages:F0} test images"), CourseChart.Percent,
                    Lines(evaluations, m => m.Evaluation!, marked: true))),
                Wide(CourseChart.Of("accuracy on recent training batches", CourseChart.Percent, Lines(training, m => m.Accuracy!, marked: false))),
                Wide(CourseChart.Of("loss, mean over precisions", CourseChart.Number, [Loss(training)]))),
            Markup.Styled(
                "p", "note", "Test images in the middle of training are answered with running statistics; at the end these are recalibrated, which the table's ",
                "figures include. Nothing was chosen on them."),
        ];
    }

    private static CourseChart.Line Loss(IReadOnlyList<MetricsLine> training) =>
        new("loss", FlowMarks.Searched, MarkShape.Dot, Marked: false, [.. training.Select(m => (m.Epoch, m.Loss ?? double.NaN))]);

    private List<CourseChart.Line> Lines(MetricsLine[] metrics, Func<MetricsLine, IReadOnlyList<MeasuredAccuracy>> accuracy, bool marked)
    {
        List<CourseChart.Line> lines = [];
        foreach (Precision precision in run.Report.Variants.Select(v => v.Bits))
        {
            (double, double)[] points =
                [.. metrics.SelectMany(m => accuracy(m).Where(a => a.Bits == precision).Select(a => (m.Epoch, a.Accuracy)))];
            if (points.Length > 0)
                lines.Add(new CourseChart.Line(precision.ToString(), _marks.StyleOf(precision.ToString()), _marks.ShapeOf(precision.ToString()), marked, points));
        }

        return lines;
    }

    private static XElement Wide(XElement content) => Markup.Styled("div", "wide", content);
}
