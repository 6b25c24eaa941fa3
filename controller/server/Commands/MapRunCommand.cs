using System.CommandLine;
using System.Globalization;
using InstantNet.Generation;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Commands;

/// <summary><c>map run</c>: maps a finished run on device classes, into its folder and onto its report page.</summary>
internal static class MapRunCommand
{
    /// <summary>The verb below <c>map</c>.</summary>
    public static Command Create()
    {
        Argument<DirectoryInfo> run = new("RUN") { Description = "Finished run folder of 'generate'." };
        Option<string> classes = new("--class")
            { HelpName = "LIST", Description = $"Device classes, separated by commas ({string.Join(", ", DeviceClasses.BuiltIn)}); measured ones are passed over.", Required = true };
        Option<long> seed = new("--seed") { HelpName = "N", Description = "Of the search.", DefaultValueFactory = _ => 1 };
        JsonTarget json = JsonTarget.Create();
        Command command = new("run", "Map a finished run on device classes; dataflows, costs and the report page go into its folder.") { run, classes, seed, json.Option };
        command.SetAction((parsed, cancellationToken) =>
        {
            json.Check(parsed);
            RunFolder folder = new(parsed.GetRequiredValue(run).FullName);
            DeviceClass[] devices = [.. parsed.GetRequiredValue(classes).Split(',', StringSplitOptions.TrimEntries).Select(DeviceClasses.Load)];
            IReadOnlyList<MappingReport> reports = new MappingStage(TimeProvider.System).Run(
                folder, devices, new MapOptions { Seed = parsed.GetValue(seed) }, new MapProgressPrinter(ProgressLine.Console), cancellationToken);
            if (json.Write(parsed, reports, RunJson.Default.IReadOnlyListMappingReport))
                Print(reports);
            return Task.FromResult(CommandLine.Done);
        });
        return command;
    }

    private static void Print(IReadOnlyList<MappingReport> reports) => Output.Table(
        ["class", "bits", "energy, µJ", "latency, µs", "EDP, J·s", "best expert's EDP"],
        reports.SelectMany(r => r.Precisions.Select(p => (string[])[
            r.DeviceClass.Value, Number(p.Bits.Bits, "F0"), Number(p.EnergyMj * 1000, "F1"), Number(p.LatencyMs * 1000, "F1"), Number(p.EdpJs, "G3"), Number(p.ExpertEdpJs, "G3")])));

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
