using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Schedules;
using InstantNet.Tests.Unit.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Comparisons;

[Collection("live tensors")]
public class ScheduleComparisonTests
{
    private static readonly DatasetSplit Data = new(Images(96, 3), Images(32, 4), ["top", "bottom", "left", "right"], SplitOrigin.Files, new Augmentation());
    private static readonly ScheduleComparisonOptions Options = new(
        ScheduleCatalog.All, new TrainingOptions { Precisions = [new(4), new(32)], BatchSize = 16 }, Seeds: 2, TimeSpan.FromSeconds(8), new DatasetOptions("bars", "unused"));

    [Fact]
    public void Every_schedule_spends_the_same_passes_and_every_variant_is_tested()
    {
        ScheduleComparisonReport report = Run(Options);

        Assert.Equal(ScheduleCatalog.Names, report.Schedules.Select(s => s.Schedule));
        Assert.Single(report.Schedules.Select(s => s.Passes).Distinct());
        Assert.Equal([1, 1, 1, 2, 1], report.Schedules.Select(s => s.Networks));
        Assert.Equal(10, report.Runs.Count);
        Assert.All(report.Runs, r => Assert.Equal([new(4), new(32)], r.Accuracy.Select(a => a.Bits)));
        Assert.All(report.Schedules.SelectMany(s => s.Accuracy), a => Assert.Equal(2, a.Seeds));
        Assert.Equal(32, report.Setting.TestImages);
    }

    [Fact]
    public void A_schedule_that_diverges_is_reported_and_the_others_go_on()
    {
        // Variances of what weights of 1e30 make are above any float: the second step of any network fails.
        ScheduleComparisonReport report = Run(Options with
        {
            Schedules = [ScheduleCatalog.Named("joint"), ScheduleCatalog.Named("independent")],
            Seeds = 1,
            Training = Options.Training with { LearningRate = new(Peak: 1e30, WarmUp: 0), GradientNorm = 1e12 },
        });

        Assert.All(report.Runs, r => Assert.Contains("not finite", r.Failure, StringComparison.Ordinal));
        Assert.All(report.Schedules.SelectMany(s => s.Accuracy), a => Assert.Null(a.Mean));
    }

    [Fact]
    public void A_report_reads_back_as_it_was_written()
    {
        ComparisonSetting setting = new("fashion-mnist", "mobilenet-small", "symmetric", TeacherDistance.ScaleFree, [new(4)], 2, 60, 100, 10, 64);
        ScheduleComparisonReport report = new(
            1, setting, 59, [new("cdt", 1, 5, 10, 0.5, 3, [AccuracySummary.Of(new(4), [0.5])])], [new("cdt", 1, 3, [new(new(4), 0.5)], null)]);

        string json = JsonSerializer.Serialize(report, ComparisonJson.Default.ScheduleComparisonReport);

        Assert.Equal(json, JsonSerializer.Serialize(
            JsonSerializer.Deserialize(json, ComparisonJson.Default.ScheduleComparisonReport)!, ComparisonJson.Default.ScheduleComparisonReport));
        Assert.Contains("\"standardDeviation\": null", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Mean_and_deviation_are_those_of_the_sample()
    {
        // 0.8, 0.9, 1.0: mean 0.9, squares 0.01 + 0 + 0.01 over two.
        AccuracySummary summary = AccuracySummary.Of(new(4), [0.8, 0.9, 1.0]);

        Assert.Equal(0.9, summary.Mean!.Value, 1e-12);
        Assert.Equal(0.1, summary.StandardDeviation!.Value, 1e-12);
        Assert.Null(AccuracySummary.Of(new(4), []).Mean);
    }

    private static ScheduleComparisonReport Run(ScheduleComparisonOptions options) =>
        new ScheduleComparison(TimeProvider.System).Run(options, Data, new Silent(), CancellationToken.None);

    private static ImageSet Images(int count, int seed)
    {
        LabeledImages bars = Tiny.Bars(count, seed);
        return new ImageSet(Tiny.Image, bars.Pixels.ToArray(), bars.Labels.ToArray());
    }

    private sealed class Silent : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value)
        {
            // Nobody watches.
        }
    }
}
