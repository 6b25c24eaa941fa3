namespace InstantNet.Agent.Commands;

/// <summary>Says on the error output why a verb did not work.</summary>
internal static class Complaint
{
    private const string Program = "instantnet-agent: ";

    /// <summary>One sentence.</summary>
    /// <returns>The exit code to end with.</returns>
    public static int Say(string sentence)
    {
        Console.Error.WriteLine(Program + sentence);
        return ExitCode.Failed;
    }

    /// <summary>One sentence about what was typed.</summary>
    /// <returns>The exit code to end with.</returns>
    public static int SayMisused(string sentence)
    {
        Console.Error.WriteLine(Program + sentence);
        return ExitCode.Misused;
    }

    /// <summary>Every fault of a configuration.</summary>
    /// <returns>The exit code to end with.</returns>
    public static int SayFaults(IEnumerable<string> faults)
    {
        foreach (string fault in faults)
            Console.Error.WriteLine(Program + fault);
        return ExitCode.FaultyConfiguration;
    }
}
