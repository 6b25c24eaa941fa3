namespace InstantNet.Agent.Activation;

/// <summary>Every alarm of the agent by its de-duplication key.</summary>
internal static class AlarmKeys
{
    /// <summary>The last good release cannot be loaded.</summary>
    public const string ReleaseDamaged = "release-damaged";

    /// <summary>Neither release serves.</summary>
    public const string Inconsistent = "release-inconsistent";

    /// <summary>The disk refuses the agent's durable state.</summary>
    public const string Disk = "disk-failed";

    /// <summary>The file of counters was damaged.</summary>
    public const string CountersLost = "counters-lost";

    /// <summary>Telemetry on disk was damaged.</summary>
    public const string SpoolDamaged = "spool-damaged";
}
