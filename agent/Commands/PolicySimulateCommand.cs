using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using InstantNet.Agent.Durable;
using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Replay;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Commands;

/// <summary><c>policy-simulate</c>, which the launcher calls <c>policy simulate</c>: what a policy would have made of a battery trace.</summary>
internal static class PolicySimulateCommand
{
    private const int Seed = 7;

    public static Command Create()
    {
        Option<string[]> traces = new("--trace") { Description = "CSV: seconds, frames_per_second, and harvest_w, base_w, gauge, gauge_error_pct, celsius, capacity_j, efficiency as wanted.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
        Option<string?> policy = new("--policy") { Description = "Policy document, JSON.", HelpName = "FILE" };
        Option<string?> variants = new("--variants") { Description = "JSON array of bits, accuracy, latencyMs, energyMj.", HelpName = "FILE" };
        Option<string?> json = new("--json") { Description = "Print JSON instead of a table; with a file name, write it there beside the table.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> plot = new("--plot") { Description = "Draw battery and bits over time, SVG; of the first trace.", HelpName = "FILE" };
        Option<string?> examples = new("--write-examples") { Description = "Write the six example traces into this folder and do nothing else.", HelpName = "FOLDER" };
        Command command = new("policy-simulate", "Replay a battery trace with the agent's own code, beside the offline optimum and fixed rules.")
        {
            traces, policy, variants, json, plot, examples,
        };
        command.SetAction((parsed, _) => Task.FromResult(Guarded(() =>
        {
            if (parsed.GetValue(examples) is { } folder)
                return WriteExamples(folder);
            if (parsed.GetValue(traces) is not { Length: > 0 } paths || parsed.GetValue(policy) is not { } document || parsed.GetValue(variants) is not { } costs)
                return Complaint.SayMisused("--trace, --policy and --variants are needed. Try --help.");
            foreach (string? target in (string?[])[parsed.GetValue(json), parsed.GetValue(plot)])
                CheckFolder(target);
            PrecisionPolicy rules = ReadPolicy(document);
            VariantCost[] choices = VariantFile.Parse(costs, File.ReadAllText(costs));
            List<PolicyComparison> all = [.. paths.Select(p => PolicyComparison.Of(Trace.Parse(Path.GetFileNameWithoutExtension(p), File.ReadAllText(p)), choices, rules))];
            if (parsed.GetValue(plot) is { } drawing)
                DurableFile.Write(drawing, Encoding.UTF8.GetBytes(ReplayPlot.ToSvg(all[0])));
            byte[] text = JsonSerializer.SerializeToUtf8Bytes(all, ReplayJson.Default.ListPolicyComparison);
            if (parsed.GetValue(json) is { } path)
                DurableFile.Write(path, text);
            Console.Out.WriteLine(parsed.GetResult(json) is not null && parsed.GetValue(json) is null ? Encoding.UTF8.GetString(text) : Table(all));
            return ExitCode.Done;
        })));
        return command;
    }

    private static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Complaint.Say(e.Message);
        }
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

    private static string Table(List<PolicyComparison> all)
    {
        StringBuilder text = new();
        Line($"trace", $"policy", $"accuracy", $"of optimum", $"energy", $"lost", $"late", $"switches", $"off", $"overrun");
        foreach (PolicyComparison one in all)
        {
            Line($"{one.Trace}", $"offline optimum", $"{100 * one.Optimum:0.00} %", $"100.00 %");
            foreach (ReplayResult r in one.Results)
                Line($"{one.Trace}", $"{r.Policy}", $"{100 * r.Accuracy:0.00} %", $"{100 * r.Accuracy / one.Optimum:0.00} %", $"{r.InferenceJoules:0} J", $"{r.Lost}", $"{r.Late}", $"{r.Switches}", $"{r.BrownOutSeconds / 3600:0.0} h", $"{r.OverrunPct:0.00} %");
        }

        return text.ToString().TrimEnd();

        void Line(params FormattableString[] cells) => text.AppendLine(string.Join(' ', cells.Select((c, i) =>
            i < 2 ? c.ToString(CultureInfo.InvariantCulture).PadRight(i == 0 ? 15 : 21) : c.ToString(CultureInfo.InvariantCulture).PadLeft(10))).TrimEnd());
    }
}
