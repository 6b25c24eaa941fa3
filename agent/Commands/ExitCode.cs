namespace InstantNet.Agent.Commands;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>It did not work; the reason stands on the error output.</summary>
    public const int Failed = 1;

    /// <summary>The configuration is faulty; every fault stands on the error output.</summary>
    public const int FaultyConfiguration = 2;

    /// <summary>What was typed is no verb, or an option is wrong.</summary>
    public const int Misused = 2;
}
