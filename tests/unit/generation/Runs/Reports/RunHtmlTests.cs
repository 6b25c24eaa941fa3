using System.Xml.Linq;
using InstantNet.Contracts;
using InstantNet.Generation;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Runs.Reports;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Runs.Reports;

public class RunHtmlTests
{
    private static readonly MetricsLine Training = new(1, 10, 0.5, 0.05, 1.25, [new(new(4), 0.5), new(new(8), 0.6)], 100);
    private static readonly MetricsLine Evaluated = new(1, 10, 0.5, 0.05) { Evaluation = [new(new(4), 0.41), new(new(8), 0.42)], TestImages = 500 };

    private static readonly RunContent Run = new("mine", SomeRun.Report, null, [Training, Evaluated], [SomeRun.Mapping], [1, 0], null);

    [Fact]
    public void The_page_needs_nothing_else_and_is_the_same_for_the_same_runs()
    {
        string page = RunHtml.Of([Run]);

        Assert.Equal(page, RunHtml.Of([Run]));
        XElement root = Parse(page);
        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName is "link" or "img" or "script" or "iframe");
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_tells_accuracy_per_precision_over_epochs_and_at_the_end()
    {
        string text = TextOf(RunHtml.Of([Run]));

        Assert.Contains("54.00 %", text, StringComparison.Ordinal); // 4-bit by ONNX Runtime
        Assert.Contains("58.00 %", text, StringComparison.Ordinal); // 8-bit
        Assert.Contains("accuracy on 500 test images", text, StringComparison.Ordinal);
        Assert.Contains("4-bit, epoch 0.5: 41 %", text, StringComparison.Ordinal);
        Assert.Contains("loss, mean over precisions", text, StringComparison.Ordinal);
    }

    [Fact]
    public void It_sets_the_predictions_of_the_precisions_side_by_side_and_marks_wrong_ones()
    {
        XElement root = Parse(RunHtml.Of([Run]));

        // Golden scores are (0.25, 0.75) and (1, -1), of a dog and a cat: all right.
        Assert.Equal(4, root.Descendants().Count(e => e.Value.StartsWith("dog: 62.2 %", StringComparison.Ordinal) && e.Name.LocalName == "title")
            + root.Descendants().Count(e => e.Value.StartsWith("cat: 88.1 %", StringComparison.Ordinal) && e.Name.LocalName == "title"));
        Assert.Empty(Wrong(root));
        Assert.Equal(4, Wrong(Parse(RunHtml.Of([Run with { Answers = [0, 1] }]))).Count());

        static IEnumerable<XElement> Wrong(XElement page) => page.Descendants().Where(e => e.Attribute("class")?.Value.Contains("wrong", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Baselines_stand_in_the_table_and_are_said_to_be_of_another_budget()
    {
        ScheduleComparisonReport baselines = new(
            1, new ComparisonSetting("noise", "tiny", "symmetric", TeacherDistance.ScaleFree, [new(4), new(8)], 3, 60, 100, 50, 16), 59,
            [new ScheduleSummary("ptq", 1, 10, 20, 1, 5, [new(new(4), 0.31, 0.02, 3), new(new(8), null, null, 0)])], []);

        string text = TextOf(RunHtml.Of([Run with { Baselines = baselines }]));

        Assert.Contains("ptq", text, StringComparison.Ordinal);
        Assert.Contains("31.00 % ± 2.00", text, StringComparison.Ordinal);
        Assert.Contains("diverged", text, StringComparison.Ordinal);
        Assert.Contains("60 s for all", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_runs_share_the_frontiers_and_runs_of_one_name_are_told_apart()
    {
        string text = TextOf(RunHtml.Of([Run, Run with { Mappings = [] }, Run with { Name = "other" }]));

        Assert.Contains("mine (1), 4-bit: 54 %, 1.23 k", text, StringComparison.Ordinal);
        Assert.Contains("mine (1), 4-bit: 54 %, 1.00 nJ·s", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mine (2), 4-bit: 54 %, 1.00 nJ·s", text, StringComparison.Ordinal);
        Assert.Contains("other, 8-bit: 58 %, 3.00 nJ·s", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_metrics_answers_or_mappings_has_a_page_too()
    {
        string text = TextOf(RunHtml.Of([Run with { Metrics = [], Mappings = [], Answers = [] }]));

        Assert.Contains("'./instantnet map run' adds", text, StringComparison.Ordinal);
        Assert.DoesNotContain("loss", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_outside_stays_text()
    {
        RunReport report = SomeRun.Report with { Dataset = SomeRun.Report.Dataset with { Name = "<script>alert(1)</script>", Labels = ["<b>", "&"] } };

        XElement root = Parse(RunHtml.Of([Run with { Report = report, Name = "\"><i>" }]));

        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName is "script" or "b" or "i");
    }

    [Fact]
    public void The_frontier_holds_what_nothing_beats_in_cost_and_accuracy_both() => Assert.Equal(
        [(1, 0.5), (3, 0.7)], AccuracyCostChart.Frontier([(3, 0.7), (2, 0.5), (1, 0.4), (1, 0.5), (4, 0.7), (5, 0.6)]));

    [Fact]
    public void Softmax_survives_large_scores() => Assert.Equal([1, 0], Softmax.Of([1000, -1000]));

    private static XElement Parse(string page) => XElement.Parse(page[page.IndexOf("<html", StringComparison.Ordinal)..]);

    private static string TextOf(string page) => string.Join('\n', Parse(page).DescendantNodes().OfType<XText>().Select(t => t.Value));
}
