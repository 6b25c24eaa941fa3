using System.CommandLine;
using System.Text;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Runs.Reports;

namespace InstantNet.Controller.Commands;

/// <summary><c>report</c>: one page about finished runs, side by side.</summary>
internal static class ReportCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<DirectoryInfo[]> runs = new("RUN") { Description = "Run folders, as 'generate' fills them.", Arity = ArgumentArity.OneOrMore };
        Option<FileInfo> file = new("--out") { Description = "HTML file to write; works offline.", HelpName = "FILE", Required = true };
        Option<FileInfo?> baselines = Baselines();
        JsonTarget json = JsonTarget.Create();
        Command command = new("report", "Write one page about finished runs: accuracy over epochs and per precision, predictions, accuracy against operations and energy–delay product.")
            { runs, file, baselines, json.Option };
        command.SetAction(parsed =>
        {
            string target = parsed.GetRequiredValue(file).FullName;
            json.Check(parsed);
            JsonTarget.Check(file.Name, target);
            ScheduleComparisonReport? beside = Read(parsed, baselines);
            RunContent[] contents = [.. parsed.GetRequiredValue(runs).Select(r => RunContent.Read(new RunFolder(r.FullName), beside))];
            AtomicFile.Write(target, s => s.Write(Encoding.UTF8.GetBytes(RunHtml.Of(contents))));
            if (json.Write(parsed, [.. contents.Select(c => c.Report)], RunJson.Default.IReadOnlyListRunReport))
                Console.WriteLine($"{contents.Length} {(contents.Length == 1 ? "run" : "runs")} in {target}");
        });
        return command;
    }

    /// <summary>An option for baselines.</summary>
    public static Option<FileInfo?> Baselines() => new("--baselines")
    {
        Description = "What 'eval schedules --json FILE' wrote, to set its schedules beside the run on the page.",
        HelpName = "FILE",
    };

    /// <summary>Its value; null when it was not given.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static ScheduleComparisonReport? Read(ParseResult parsed, Option<FileInfo?> baselines) =>
        parsed.GetValue(baselines) is { } given ? RunContent.ReadBaselines(given.FullName) : null;
}
