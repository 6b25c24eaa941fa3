using System.CommandLine;
using System.CommandLine.Invocation;
using InstantNet.Agent.Configuration;

namespace InstantNet.Agent.Commands;

/// <summary>The agent's verbs.</summary>
internal static class CommandLine
{
    private const int DefaultBenchCount = 100_000;
    private const int DefaultSwaps = 100, LeastSwaps = 5;

    /// <summary>Runs what was typed.</summary>
    /// <returns>Exit code.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Root().Parse(args);
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction))
        {
            string sentence = parsed.UnmatchedTokens is [var unknown, ..] ? $"'{unknown}' is not known here." : parsed.Errors[0].Message;
            return Task.FromResult(Complaint.SayMisused($"{sentence} Try --help."));
        }

        // The verb 'run' handles signals itself: an orderly stop may take longer than the command line would wait.
        return parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static RootCommand Root() => new("InstantNet device agent: serves frames at the precision the device can afford, and installs signed releases.")
    {
        Run(),
        Status(),
        Spool(),
        Doctor(),
        BenchSwitch(),
        BenchSwap(),
        PolicySimulateCommand.Create(),
    };

    private static Command Run()
    {
        Option<string> config = ConfigOption();
        Command command = new("run", "Run the agent until SIGTERM or Ctrl-C.") { config };
        command.SetAction((parsed, _) => WithConfigAsync(parsed.GetRequiredValue(config), RunCommand.RunAsync));
        return command;
    }

    private static Command Status()
    {
        Option<string> config = ConfigOption();
        Option<bool> json = JsonOption();
        Command command = new("status", "Ask the running agent how it is.") { config, json };
        command.SetAction((parsed, stop) => WithConfigAsync(
            parsed.GetRequiredValue(config), c => StatusCommand.RunAsync(c, FormatOf(parsed.GetValue(json)), stop)));
        return command;
    }

    private static Command Spool()
    {
        Option<string> config = ConfigOption();
        Option<bool> json = JsonOption();
        Command command = new("spool", "Read the telemetry counters from disk; the agent need not run.") { config, json };
        command.SetAction((parsed, _) => WithConfigAsync(
            parsed.GetRequiredValue(config), c => Task.FromResult(SpoolCommand.Run(c, FormatOf(parsed.GetValue(json))))));
        return command;
    }

    private static Command Doctor()
    {
        Option<string?> config = new("--config") { Description = "Path of agent.json; without it the machine alone is looked at." };
        Option<bool> json = JsonOption();
        Command command = new("doctor", "Say what this machine and a configuration have and lack; code 1 when something required is missing.") { config, json };
        command.SetAction((parsed, stop) => DoctorCommand.RunAsync(parsed.GetValue(config), FormatOf(parsed.GetValue(json)), stop));
        return command;
    }

    private static Command BenchSwitch()
    {
        Option<string> config = ConfigOption();
        Option<bool> json = JsonOption();
        Option<int> count = new("--count") { Description = "Decisions to measure, 1 or more.", DefaultValueFactory = _ => DefaultBenchCount };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--count is 1 or more.");
        });
        Command command = new("bench-switch", "Measure choosing and switching precision on the committed release.") { config, count, json };
        command.SetAction((parsed, stop) => WithConfigAsync(
            parsed.GetRequiredValue(config), c => BenchSwitchCommand.RunAsync(c, parsed.GetValue(count), FormatOf(parsed.GetValue(json)), stop)));
        return command;
    }

    private static Command BenchSwap()
    {
        Option<string> config = ConfigOption();
        Option<bool> json = JsonOption();
        Option<int> count = new("--count") { Description = "Releases that take over, 5 or more.", DefaultValueFactory = _ => DefaultSwaps };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < LeastSwaps)
                result.AddError("--count is 5 or more.");
        });
        Command command = new("bench-swap", "Measure frames and memory while the committed release takes over from itself.") { config, count, json };
        command.SetAction((parsed, stop) => WithConfigAsync(
            parsed.GetRequiredValue(config), c => BenchSwapCommand.RunAsync(c, parsed.GetValue(count), FormatOf(parsed.GetValue(json)), stop)));
        return command;
    }

    private static async Task<int> WithConfigAsync(string path, Func<AgentConfig, Task<int>> run)
    {
        (AgentConfig? config, IReadOnlyList<string> faults) = AgentConfigReader.Read(path);
        return config is null ? Complaint.SayFaults(faults) : await run(config);
    }

    private static Option<string> ConfigOption() =>
        new("--config") { Description = "Path of agent.json, which 'device add' on the controller writes.", Required = true };

    private static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    private static StatusFormat FormatOf(bool json) => json ? StatusFormat.Json : StatusFormat.Lines;
}
