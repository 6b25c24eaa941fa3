using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Agent.Durable;
using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Replay;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Commands;

/// <summary><c>policy-simulate</c>, which the controller's <c>policy simulate</c> starts: what a policy would have made of a battery trace.</summary>
internal static class PolicySimulateCommand
{
    private const int Seed = 7, MostHeldOut = 10_000;

    private static readonly Option<string[]> Traces = new("--trace") { Description = "CSV: seconds, frames_per_second, and harvest_w, base_w, gauge, gauge_error_pct, celsius, capacity_j, efficiency as wanted.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Policy = new("--policy") { Description = "Policy document, JSON.", HelpName = "FILE" };
    private static readonly Option<string?> Variants = new("--variants") { Description = "JSON array of bits, accuracy, latencyMs, energyMj; where testImages stands beside them, accuracy is weighed by it as on a device.", HelpName = "FILE" };
    private static readonly Option<int?> HeldOut = new("--held-out") { Description = "Instead of --trace and --policy: so many made-up traces that the forecast was not tuned on.", HelpName = "N" };
    private static readonly Option<int> FirstSeed = new("--first-seed") { Description = $"With --held-out: seed of the first trace; those from {UnseenTraces.FirstHeldOut} on were never used for tuning.", HelpName = "SEED", DefaultValueFactory = _ => UnseenTraces.FirstHeldOut };
    private static readonly Option<string?> Json = new("--json") { Description = "Print JSON instead of a table; with a file name, write it there beside the table.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Plot = new("--plot") { Description = "Draw battery and bits over time, SVG; of the first trace.", HelpName = "FILE" };
    private static readonly Option<string?> Examples = new("--write-examples") { Description = "Write the six example traces into this folder and do nothing else.", HelpName = "FOLDER" };

    public static Command Create()
    {
        Command command = new("policy-simulate", "Replay a battery trace with the agent's own code, beside the offline optimum and fixed rules.")
        {
            Traces, Policy, Variants, HeldOut, FirstSeed, Json, Plot, Examples,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        try
        {
            if (parsed.GetValue(Examples) is { } folder)
                return WriteExamples(folder);
            if (Misuse(parsed) is { } sentence)
                return Complaint.SayMisused(sentence + " Try --help.");
            foreach (string? target in (string?[])[parsed.GetValue(Json), parsed.GetValue(Plot)])
                CheckFolder(target);
            VariantCost[]? variants = parsed.GetValue(Variants) is { } file ? VariantFile.Parse(file, File.ReadAllText(file)) : null;
            if (parsed.GetValue(HeldOut) is { } traces)
            {
                HeldOutReport report = HeldOutReport.Of(parsed.GetValue(FirstSeed), traces, variants);
                return Tell(parsed, report, ReplayJson.Default.HeldOutReport, ReplayTable.Of(report), report.Results[0]);
            }

            PrecisionPolicy policy = ReadPolicy(parsed.GetValue(Policy)!);
            List<PolicyComparison> all = [.. parsed.GetValue(Traces)!.Select(
                p => PolicyComparison.Of(Trace.Parse(Path.GetFileNameWithoutExtension(p), File.ReadAllText(p)), variants!, policy))];
            return Tell(parsed, all, ReplayJson.Default.ListPolicyComparison, ReplayTable.Of(all), all[0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Complaint.Say(e.Message);
        }
    }

    /// <summary>What does not go together, as a sentence; null when everything does.</summary>
    private static string? Misuse(ParseResult parsed)
    {
        bool hasTraces = parsed.GetValue(Traces) is { Length: > 0 }, hasPolicy = parsed.GetValue(Policy) is not null;
        bool hasVariants = parsed.GetValue(Variants) is not null;
        if (parsed.GetValue(HeldOut) is not { } traces)
            return hasTraces && hasPolicy && hasVariants ? null : "--trace, --policy and --variants or --release are needed, or --held-out.";
        if (hasTraces || hasPolicy)
            return "--held-out makes its traces and their policies: --trace and --policy are not accepted beside it.";
        if (traces is < 1 or > MostHeldOut)
            return $"--held-out is {traces}: 1 to {MostHeldOut} is accepted.";
        return parsed.GetValue(FirstSeed) is < 1 or > int.MaxValue - MostHeldOut ? $"--first-seed is {parsed.GetValue(FirstSeed)}: 1 to {int.MaxValue - MostHeldOut} is accepted." : null;
    }

    private static int Tell<T>(ParseResult parsed, T result, JsonTypeInfo<T> type, string table, PolicyComparison first)
    {
        if (parsed.GetValue(Plot) is { } drawing)
            DurableFile.Write(drawing, Encoding.UTF8.GetBytes(ReplayPlot.ToSvg(first)));
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(result, type);
        if (parsed.GetValue(Json) is { } path)
            DurableFile.Write(path, text);
        Console.Out.WriteLine(parsed.GetResult(Json) is not null && parsed.GetValue(Json) is null ? Encoding.UTF8.GetString(text) : table);
        return ExitCode.Done;
    }

    private static PrecisionPolicy ReadPolicy(string path)
    {
        IReadOnlyList<string> faults = PolicyDocument.Read(File.ReadAllText(path), out PrecisionPolicy? policy);
        return policy ?? throw new InvalidDataException($"{path} is no policy: {string.Join(' ', faults)}");
    }

    private static int WriteExamples(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((string name, string text) in ExampleTraces.All(Seed))
            DurableFile.Write(Path.Combine(folder, name + ".csv"), Encoding.UTF8.GetBytes(text));
        return ExitCode.Done;
    }

    private static void CheckFolder(string? path)
    {
        if (path is not null && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' for '{path}'.");
    }
}
