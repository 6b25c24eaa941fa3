using System.CommandLine;
using System.CommandLine.Invocation;
using InstantNet.Controller.Hosting;

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

    private static RootCommand Root() => new("InstantNet controller: releases, rollouts and live state of a fleet of switchable-precision devices.")
    {
        ServeCommand.Create(),
        DeviceCommand.Create(),
        RolloutCommand.Create(),
        PolicyCommand.Create(),
        TelemetryCommand.Create(),
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
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Failed;
        }
        catch (Exception e) when (e is StartRefusedException or CommandFailedException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }
}
