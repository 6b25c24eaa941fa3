using System.CommandLine;
using System.Globalization;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Controller.Commands;

/// <summary><c>map compare</c>: our search against what Timeloop's mapper found.</summary>
internal static class MapCompareCommand
{
    public static Command Create()
    {
        Option<FileInfo> against = new("--against") { Description = "File with the best mappings of Timeloop's own mapper.", Required = true, HelpName = "FILE" };
        Option<double?> seconds = new("--seconds") { HelpName = "S", Description = "Time of each layer's search; 2 unless --evaluations is given." };
        Option<long?> evaluations = new("--evaluations") { HelpName = "N", Description = "Mappings costed per layer: then the answer depends on the seed alone." };
        Option<long> seed = new("--seed") { HelpName = "N", Description = "Of the search.", DefaultValueFactory = _ => 1 };
        Option<int> threads = new("--threads") { HelpName = "N", Description = "Threads of each search.", DefaultValueFactory = _ => 1 };
        JsonTarget json = JsonTarget.Create();
        Command command = new("compare", "Search layers under the constraints that Timeloop's mapper had; code 0 only if no layer comes out worse.")
            { against, seconds, evaluations, seed, threads, json.Option };
        command.SetAction((parsed, cancellationToken) =>
        {
            json.Check(parsed);
            SearchBudget budget = Budget(parsed.GetValue(seconds), parsed.GetValue(evaluations));
            int count = parsed.GetValue(threads);
            if (count < 1)
                throw new ArgumentException($"--threads is {count}: 1 or more is accepted.");
            ComparisonReport report = new TimeloopComparison(TimeProvider.System).Run(
                parsed.GetRequiredValue(against).FullName, budget, parsed.GetValue(seed), count, new Printer(ProgressLine.Console), cancellationToken);
            if (json.Write(parsed, report, MappingJsonContext.Default.ComparisonReport))
                Print(report);
            return Task.FromResult(report.IsNeverWorse ? CommandLine.Done : CommandLine.Failed);
        });
        return command;
    }

    private static SearchBudget Budget(double? seconds, long? evaluations)
    {
        if (seconds is not null and not (> 0 and <= 1e6))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"--seconds is {seconds}: a number above 0 is accepted."));
        if (evaluations < 1)
            throw new ArgumentException($"--evaluations is {evaluations}: 1 or more is accepted.");
        double? limit = seconds ?? (evaluations is null ? 2 : null);
        return new SearchBudget(evaluations ?? long.MaxValue, limit is double s ? TimeSpan.FromSeconds(s) : null);
    }

    private static void Print(ComparisonReport report)
    {
        Output.Table(
            ["layer", "arch", "Timeloop pJ·cycles", "ours", "ours/Timeloop", "ours/bound", "mappings", "seconds"],
            report.Layers.Select(l => (string[])[
                l.Layer, l.Arch, Number(l.Timeloop.EnergyDelay, "E4"), Number(l.Ours.EnergyDelay, "E4"), Number(l.EdpRatio, "F4"), Number(l.BoundRatio, "F3"),
                Number(l.Evaluations, "N0"), Number(l.Seconds, "F2")]));
        Console.WriteLine($"geometric mean {Number(report.GeometricMean, "F4")}, largest {Number(report.Largest, "F4")}, {report.Layers.Count} layers");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class Printer(ProgressLine line) : IProgress<(int Done, int Of)>
    {
        public void Report((int Done, int Of) value) => line.Report((double)value.Done / value.Of, $"{value.Done} of {value.Of} layers searched");
    }
}
