using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Controller.Scenario;

namespace InstantNet.Controller.Commands;

/// <summary><c>up</c>: the main job, end to end.</summary>
internal static class UpCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<bool> once = new("--once") { Description = "Run the script with a broken wire, a kill -9 and emptying batteries, judge every claim, end with code 0 only if all held." };
        Option<FileInfo?> json = new("--json") { Description = "With --once: write everything measured to this file." };
        Option<DirectoryInfo?> folder = new("--folder") { Description = "Where run, controller and logs go; default runs/up, with --once a new folder below runs/." };
        Option<bool> quick = new("--quick") { Description = "Train on a tenth of the images: to try the rest. Accuracy is then reported, not demanded." };
        Option<bool> retrain = new("--retrain") { Description = "Train even when the folder holds a finished run." };
        Option<int> port = new("--port") { Description = "Port of dashboard and API on 127.0.0.1; default 8080, with --once any free one." };
        Option<int> seed = new("--seed") { Description = "Seed of data split, weights and searches.", DefaultValueFactory = _ => 1 };
        Command command = new("up", "Train, map, sign, start broker, controller and three agents, roll out, drain batteries, serve the dashboard.") { once, json, folder, quick, retrain, port, seed };
        command.Validators.Add(result =>
        {
            if (result.GetResult(json) is not null && !result.GetValue(once))
                result.AddError("--json goes with --once.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new ScenarioOptions(
                parsed.GetValue(once), parsed.GetValue(quick), parsed.GetValue(retrain),
                parsed.GetResult(port) is null && !parsed.GetValue(once) ? 8080 : parsed.GetValue(port), parsed.GetValue(seed), AgentProgram.Locate()),
            FolderFor(parsed.GetValue(folder), parsed.GetValue(once)), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ScenarioOptions options, ScenarioFolder folder, FileInfo? json, CancellationToken cancellationToken)
    {
        ProgressLine say = ProgressLine.Console;
        ScenarioRun run = new(folder, options, say, TimeProvider.System);
        if (!options.Once)
        {
            await run.ServeAsync(cancellationToken);
            return 0;
        }

        ScenarioReport report = await run.RunAsync(cancellationToken);
        if (json is not null)
        {
            string beside = json.FullName + ".new";
            await File.WriteAllTextAsync(beside, JsonSerializer.Serialize(report, ScenarioJson.Default.ScenarioReport), cancellationToken);
            File.Move(beside, json.FullName, overwrite: true);
        }

        foreach (Claim claim in report.Claims)
            Console.WriteLine($"{(claim.Held ? "held  " : "BROKEN")}  {claim.Name}: {claim.Measured} (accepted: {claim.Limit})");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Claims.Count(c => c.Held)} of {report.Claims.Count} claims held in {report.Seconds:F0} s; logs are in {folder.Root}"));
        return report.Held ? 0 : 1;
    }

    private static ScenarioFolder FolderFor(DirectoryInfo? asked, bool once) => new(
        asked?.FullName ?? Path.Combine("runs", once ? $"once-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}" : "up"));
}
