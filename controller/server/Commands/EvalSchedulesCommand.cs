using System.CommandLine;
using System.Globalization;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Controller.Commands;

/// <summary><c>eval schedules</c>: test accuracy of every schedule at every bit-width, with the same number of passes each.</summary>
internal static class EvalSchedulesCommand
{
    /// <summary>The verb below <c>eval</c>.</summary>
    public static Command Create()
    {
        DatasetArguments dataset = new();
        Option<string> bits = new("--bits") { Description = "Bit-widths, fewest first, separated by commas.", DefaultValueFactory = _ => "2,4,8,32" };
        Option<string> schedules = new("--schedules")
            { Description = "Which, separated by commas.", HelpName = "NAMES", DefaultValueFactory = _ => string.Join(',', ScheduleCatalog.Names) };
        Option<string> quantizer = new("--quantizer")
        {
            Description = $"How values are rounded: {string.Join(", ", QuantizerCatalog.Names)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => QuantizerCatalog.Default.Name,
        };
        EnumOption<TeacherDistance> distance = TrainingArguments.Distance();
        Option<int> seeds = new("--seeds") { Description = "Runs of each schedule, with seeds 1, 2, ...", DefaultValueFactory = _ => 3 };
        Option<string> budget = new("--budget") { Description = "Time of everything, for example 25m.", HelpName = "TIME", DefaultValueFactory = _ => "25m" };
        Option<FileInfo?> plot = new("--plot") { Description = "Draw accuracy over bit-width, with deviations, as SVG.", HelpName = "FILE" };
        JsonTarget json = JsonTarget.Create();
        Command command = new("schedules", "Train by every schedule, with several seeds and the same number of passes each; print test accuracy per bit-width.")
            { bits, schedules, quantizer, distance, seeds, budget, plot, json.Option };
        dataset.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            json.Check(parsed);
            JsonTarget.Check(plot.Name, parsed.GetValue(plot)?.FullName);
            int count = parsed.GetValue(seeds);
            if (count < 1)
                throw new ArgumentException($"--seeds is {count}: 1 or more is accepted.");
            ScheduleComparisonOptions options = new(
                [.. parsed.GetRequiredValue(schedules).Split(',', StringSplitOptions.TrimEntries).Distinct().Select(ScheduleCatalog.Named)],
                new TrainingOptions
                {
                    Precisions = BitWidths.Parse(parsed.GetRequiredValue(bits)),
                    Quantizer = QuantizerCatalog.Named(parsed.GetRequiredValue(quantizer)),
                    Distance = distance.Read(parsed),
                },
                count, Durations.Parse("--budget", parsed.GetRequiredValue(budget)), dataset.Read(parsed))
            {
                Augmentation = dataset.ReadAugmentation(parsed),
            };
            ScheduleComparisonReport report = new ScheduleComparison(TimeProvider.System).Run(options, new Printer(ProgressLine.Console), cancellationToken);
            if (parsed.GetValue(plot) is { } drawing)
                SchedulePlot.Write(drawing.FullName, report);
            if (json.Write(parsed, report, ComparisonJson.Default.ScheduleComparisonReport))
                Print(report);
            return Task.FromResult(report.Runs.All(r => r.Failure is null) ? CommandLine.Done : CommandLine.Failed);
        });
        return command;
    }

    private static void Print(ScheduleComparisonReport report)
    {
        ComparisonSetting setting = report.Setting;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{setting.Network} on {setting.Dataset}, quantiser {setting.Quantizer}, {EnumNames.Of(setting.Distance)} distillation: accuracy in % on {setting.TestImages} test images, which nothing was chosen on; mean ± deviation over {setting.Seeds} seeds"));
        Output.Table(
            ["schedule", "networks", "steps", "passes", "epochs", "s/run", .. setting.Bits.Select(b => b.ToString())],
            report.Schedules.Select(s => (IReadOnlyList<string>)[
                s.Schedule, Number(s.Networks, "F0"), Number(s.Steps, "F0"), Number(s.Passes, "F0"), Number(s.Epochs, "F2"), Number(s.Seconds, "F1"),
                .. s.Accuracy.Select(Accuracy)]));
        foreach (ScheduleRun failed in report.Runs.Where(r => r.Failure is not null))
            Console.WriteLine($"{failed.Schedule}, seed {failed.Seed}: {failed.Failure}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A pass is one batch of {setting.BatchSize} images forward and backward at one bit-width. {report.Seconds:F0} s of {setting.BudgetSeconds:F0} s in all."));
    }

    private static string Accuracy(AccuracySummary summary) => summary switch
    {
        { Mean: null } => "diverged",
        { Mean: double mean, StandardDeviation: double deviation } => $"{Number(100 * mean, "F2")} ± {Number(100 * deviation, "F2")}",
        { Mean: double mean } => Number(100 * mean, "F2"),
    };

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Printer(ProgressLine line) : IProgress<ComparisonProgress>
    {
        public void Report(ComparisonProgress value)
        {
            if (value.Runs == 0)
            {
                line.Say(value.Doing);
                return;
            }

            double inRun = value.Training is { } training ? (double)training.Step / training.Steps : 0;
            string detail = value.Training is { } t ? string.Create(CultureInfo.InvariantCulture, $"  loss {t.Loss:F3}  {t.ImagesPerSecond:F0} images/s") : "";
            line.Report((value.Run + inRun) / value.Runs, $"run {Math.Min(value.Run + 1, value.Runs)} of {value.Runs}: {value.Doing}{detail}");
        }
    }
}
