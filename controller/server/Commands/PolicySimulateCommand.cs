using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Diagnostics;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Api;
using InstantNet.Controller.Releases;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Commands;

/// <summary><c>policy simulate</c>: hands the agent's own simulator a trace, and the variants of a release where one is named.</summary>
/// <remarks>The simulator is the agent's program, which knows nothing of the controller's interface; everything that is no option here goes to it as typed.</remarks>
internal static class PolicySimulateCommand
{
    private const string Simulator = "policy-simulate", VariantsOption = "--variants";

    public static Command Create()
    {
        Option<string?> release = new("--release") { Description = "Variants of a finished run folder, or of a release of the running controller, instead of --variants.", HelpName = "ID|FOLDER" };
        Option<WireId?> deviceClass = CommonOptions.Id("--class", "With --release: the device class whose predicted energy and latency count.");
        Option<WireId?> device = CommonOptions.Id("--device", "With --release: the device whose measured energy and latency count, as the controller knows them.");
        Option<string> data = CommonOptions.Data();
        Command command = new("simulate", "Replay a battery trace with the agent's own code, beside the offline optimum and fixed rules.")
        {
            release, deviceClass, device, data,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.Options.Add(new HelpOption { Action = new BothHelps() });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] rest = [.. parsed.UnmatchedTokens];
            string? name = parsed.GetValue(release);
            if (Misuse(name, parsed.GetValue(deviceClass), parsed.GetValue(device), rest) is { } sentence)
            {
                await Console.Error.WriteLineAsync(sentence + " Try --help.");
                return CommandLine.Misused;
            }

            if (name is null)
                return await SimulateAsync(rest, cancellationToken);
            IReadOnlyList<VariantEntry> variants = await VariantsAsync(
                name, parsed.GetValue(deviceClass), parsed.GetValue(device), parsed.GetValue(data)!, cancellationToken);
            string file = Path.GetTempFileName();
            try
            {
                await File.WriteAllBytesAsync(
                    file, JsonSerializer.SerializeToUtf8Bytes(variants, VariantEntryJson.Default.IReadOnlyListVariantEntry), cancellationToken);
                return await SimulateAsync([.. rest, VariantsOption, file], cancellationToken);
            }
            finally
            {
                File.Delete(file);
            }
        });
        return command;
    }

    private static string? Misuse(string? release, WireId? deviceClass, WireId? device, string[] rest)
    {
        if (release is not null && rest.Contains(VariantsOption))
            return "--variants and --release both say which variants there are: one of them is accepted.";
        if (release is null && (deviceClass ?? device) is not null)
            return "--class and --device say whose costs of a --release count.";
        return deviceClass is not null && device is not null
            ? "--class takes predicted costs and --device measured ones: one of them is accepted."
            : null;
    }

    private static async Task<IReadOnlyList<VariantEntry>> VariantsAsync(
        string name, WireId? deviceClass, WireId? device, string data, CancellationToken cancellationToken)
    {
        (string called, IReadOnlyList<ReleaseVariantView> variants) = Directory.Exists(name)
            ? OfRun(new RunFolder(name))
            : (name, await OfReleaseAsync(name, data, cancellationToken));
        if (device is null)
            return VariantEntries.Predicted(called, variants, deviceClass);
        using ControllerClient client = new(data);
        return VariantEntries.Measured(called, variants, await client.GetAsync($"devices/{device}", ApiJson.Default.DeviceView, cancellationToken));
    }

    private static (string Name, IReadOnlyList<ReleaseVariantView> Variants) OfRun(RunFolder run) =>
        (Path.GetFileName(run.Path), VariantEntries.Of(run.ReadReport(), run.ReadMappings()));

    private static async Task<IReadOnlyList<ReleaseVariantView>> OfReleaseAsync(string name, string data, CancellationToken cancellationToken)
    {
        using ControllerClient client = new(data);
        ReleaseView[] known = await client.GetAsync("releases", ApiJson.Default.ReleaseViewArray, cancellationToken);
        ReleaseView release = known.FirstOrDefault(r => r.Id.Value == name) ?? throw new CommandFailedException(
            $"'{name}' is neither a run folder here nor a release of the controller, which has {(known.Length == 0 ? "none" : string.Join(", ", known.Select(r => r.Id.Value)))}.");
        return release.Variants;
    }

    private static async Task<int> SimulateAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using Process simulator = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [AgentProgram.Locate(), Simulator, .. arguments]))!;
        try
        {
            await simulator.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            simulator.Kill();
            throw;
        }

        return simulator.ExitCode;
    }

    /// <summary>The options here, then those of the simulator.</summary>
    private sealed class BothHelps : AsynchronousCommandLineAction
    {
        public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
        {
            new HelpAction().Invoke(parseResult);
            Console.Out.WriteLine("Everything else goes to the agent's simulator:");
            Console.Out.WriteLine();
            return await SimulateAsync(["--help"], cancellationToken);
        }
    }
}
