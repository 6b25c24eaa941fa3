using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Agent.Inference;
using InstantNet.Generation.Datasets;

namespace InstantNet.Bench.Agents;

/// <summary><c>bench agent</c>: inference and switching on the device, each figure beside its target.</summary>
internal static class AgentCommand
{
    private const string AgentAssembly = "InstantNet.Agent.dll";

    public static Command Create()
    {
        Option<int> frames = new("--frames") { Description = "Frames measured beside as many bare runs; other parts take shares of it.", DefaultValueFactory = _ => 2000 };
        Option<int> swaps = new("--swaps") { Description = "Releases that take over while frames are served.", DefaultValueFactory = _ => 100 };
        Option<double> idle = new("--idle") { Description = "Seconds that an idle agent is watched.", DefaultValueFactory = _ => 20 };
        Option<string> nets = new("--nets") { Description = "Networks run at 8 bits and in float, separated by commas.", DefaultValueFactory = _ => AgentBenchOptions.DefaultNets };
        Option<string> program = new("--program")
        {
            Description = "The agent as packages hold it, which deploy/build-agent.sh compiles.", HelpName = "FILE", Required = true,
        };
        Option<FileInfo?> json = new("--json") { Description = "Also write the result there as JSON.", HelpName = "FILE" };
        Command command = new("agent", "The agent's inference and switching: decisions, overhead, 8 bits against float, hot swap, memory, idling.")
        {
            frames, swaps, idle, nets, program, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            AgentBenchOptions options = new(
                parsed.GetValue(frames), parsed.GetValue(swaps), parsed.GetValue(idle), parsed.GetRequiredValue(nets).Split(','),
                parsed.GetRequiredValue(program));
            return options.FirstFault() is { } fault ? Task.FromResult(Say(fault, 2)) : RunAsync(options, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(AgentBenchOptions options, FileInfo? json, CancellationToken cancellationToken)
    {
        AgentResult result;
        try
        {
            using AgentBench bench = new(options, Path.Combine(AppContext.BaseDirectory, AgentAssembly), step => Console.Error.WriteLine($"[bench] {step}"));
            result = await bench.RunAsync(cancellationToken);
        }
        catch (Exception e) when (e is ReleaseUnusableException or InvalidOperationException)
        {
            return Say(e.Message, 1);
        }

        Print(result);
        if (json is not null)
            AtomicFile.Write(json.FullName, s => JsonSerializer.Serialize(s, result, AgentJson.Default.AgentResult));
        ByteBudgets budgets = ByteBudgets.Load();
        string[] faults = [.. new[] { ("agent/switch", AgentFigures.BytesPerSwitch), ("agent/frame", AgentFigures.BytesPerFrame) }
            .Select(b => budgets.Fault(b.Item1, result.Figures.First(f => f.Name == b.Item2).Value)).OfType<string>()];
        return faults.Length == 0 ? 0 : Say(string.Join(Environment.NewLine, faults), 1);
    }

    private static void Print(AgentResult result)
    {
        Console.WriteLine($"{result.Machine}; networks with random weights, one thread");
        int width = result.Figures.Max(f => f.Name.Length);
        foreach (Figure figure in result.Figures)
            Console.WriteLine($"{figure.Name.PadRight(width)}  {Number(figure.Value),8} {figure.Unit,-11}  {TargetOf(figure)}");
    }

    private static string TargetOf(Figure figure) => figure switch
    {
        { AtMost: double most } => $"at most {Number(most)}: {Verdict(figure)}",
        { AtLeast: double least } => $"at least {Number(least)}: {Verdict(figure)}",
        _ => "",
    };

    private static string Verdict(Figure figure) => figure.Met == true ? "met" : "MISSED";

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "F0" : "0.##", CultureInfo.InvariantCulture);

    private static int Say(string sentence, int code)
    {
        Console.Error.WriteLine(sentence);
        return code;
    }
}
