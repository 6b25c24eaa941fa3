namespace InstantNet.Agent.Activation;

/// <summary>Every alarm of the agent by its de-duplication key.</summary>
internal static class AlarmKeys
{
    /// <summary>The last good release cannot be loaded.</summary>
    public const string ReleaseDamaged = "release-damaged";

    /// <summary>Neither release serves.</summary>
    public const string Inconsistent = "release-inconsistent";

    /// <summary>The agent crashes soon after each start.</summary>
    public const string CrashLoop = "crash-loop";

    /// <summary>The factory release serves in place of another one, or cannot when it should.</summary>
    public const string Factory = "factory-release";

    /// <summary>Telemetry is lost because the disk refuses it.</summary>
    public const string TelemetryLost = "telemetry-lost";

    /// <summary>The disk refuses the agent's durable state.</summary>
    public const string Disk = "disk-failed";

    /// <summary>The file of counters was damaged.</summary>
    public const string CountersLost = "counters-lost";

    /// <summary>Telemetry on disk was damaged.</summary>
    public const string SpoolDamaged = "spool-damaged";
}
