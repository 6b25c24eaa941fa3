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
}
