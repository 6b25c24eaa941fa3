using System.CommandLine;
using System.CommandLine.Invocation;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Scenario;
using InstantNet.Generation;
using InstantNet.Generation.Training;
using InstantNet.Torch;

namespace InstantNet.Controller.Commands;

/// <summary>The command line: every verb, and what happens when one goes wrong.</summary>
internal static class CommandLine
{
    /// <summary>The verb did what it should.</summary>
    public const int Done = 0;

    /// <summary>The verb could not; the last line says why.</summary>
    public const int Failed = 1;

    /// <summary>What was typed is no verb, or an option is wrong.</summary>
    public const int Misused = 2;

    /// <summary>How long a verb may take to end what it started after Ctrl-C or SIGTERM.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private static RootCommand Root() => new("InstantNet controller: releases, rollouts and live state of a fleet of switchable-precision devices.")
    {
        UpCommand.Create(),
        GenerateCommand.Create(),
        ReportCommand.Create(),
        SearchCommand.Create(),
        EvalCommand.Create(),
        MapCommand.Create(),
        ReleaseCommand.Create(),
        ServeCommand.Create(),
        DeviceCommand.Create(),
        RolloutCommand.Create(),
        PolicyCommand.Create(),
        TelemetryCommand.Create(),
        DoctorCommand.Create(),
    };

    /// <returns>Exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Root().Parse(args);
        if (parsed.Action is ParseErrorAction || (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction))
        {
            string sentence = parsed.UnmatchedTokens is [var unknown, ..] ? $"'{unknown}' is not known here." : parsed.Errors[0].Message;
            await Console.Error.WriteLineAsync($"{sentence} Try --help.");
            return Misused;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopLimit });
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
        catch (Exception e) when (IsForPeople(e))
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }
    /// <summary>True for what a person can mend: the message alone says what.</summary>
    private static bool IsForPeople(Exception e) => e
        is StartRefusedException or CommandFailedException or ScenarioFailedException
        or ArgumentException or FormatException or InvalidDataException or IOException or UnauthorizedAccessException
        or TorchUnavailableException or TrainingDivergedException or ParityException;
}
