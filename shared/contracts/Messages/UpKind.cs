namespace InstantNet.Contracts.Messages;

/// <summary>What a device can send up.</summary>
public enum UpKind
{
    /// <summary>Birth or will.</summary>
    State,

    /// <summary>Telemetry batch.</summary>
    Telemetry,

    /// <summary>Alarm raised or cleared.</summary>
    Alarm,

    /// <summary>Reported twin document.</summary>
    ReportedTwin,

    /// <summary>State of the current job's execution.</summary>
    JobStatus,

    /// <summary>Answer to a command.</summary>
    CommandResult,
}
