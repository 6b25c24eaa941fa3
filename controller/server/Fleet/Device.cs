using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Fleet;

/// <summary>An enrolled device as the store knows it: who it is, what it shall be, and the last it said about itself.</summary>
internal sealed class Device
{
    /// <summary>Telemetry window of a device that was told nothing else, milliseconds.</summary>
    public const int DefaultTelemetryWindowMs = 500;

    /// <summary>Row id, by which telemetry refers to the device; 0 before it is stored.</summary>
    public long Key { get; private set; }

    public required WireId Id { get; init; }

    public required WireId DeviceClass { get; init; }

    /// <summary>What the broker checks the device's password against.</summary>
    public required string PasswordHash { get; init; }

    public required DateTimeOffset EnrolledAt { get; init; }

    /// <summary>Version of the desired twin; 0 while nothing was desired.</summary>
    public long DesiredVersion { get; private set; }

    /// <summary>Desired policy, JSON; null while nothing was desired.</summary>
    public string? DesiredPolicy { get; private set; }

    public int TelemetryWindowMs { get; private set; } = DefaultTelemetryWindowMs;

    /// <summary>Last accepted birth or will, JSON.</summary>
    public string? State { get; private set; }

    /// <summary>Last reported twin, JSON.</summary>
    public string? Reported { get; private set; }

    public DateTimeOffset? LastSeen { get; private set; }

    public long SamplesStored { get; private set; }

    /// <summary>Telemetry batches that arrived again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Puts another policy in the desired twin; the version grows by one.</summary>
    public void Desire(PrecisionPolicy policy)
    {
        DesiredPolicy = JsonSerializer.Serialize(policy, WireJson.Default.PrecisionPolicy);
        DesiredVersion++;
    }

    /// <summary>The desired twin; null while nothing was desired.</summary>
    public DesiredTwin? DesiredTwin() => DesiredPolicy is null
        ? null
        : new DesiredTwin(
            Contracts.Messages.DesiredTwin.MessageVersion, DesiredVersion,
            JsonSerializer.Deserialize(DesiredPolicy, WireJson.Default.PrecisionPolicy)!, TelemetryWindowMs);

    /// <summary>The last accepted birth or will; null before the first.</summary>
    public DeviceState? LastState() => State is null ? null : JsonSerializer.Deserialize(State, WireJson.Default.DeviceState);

    /// <summary>The last reported twin; null before the first.</summary>
    public ReportedTwin? LastReported() => Reported is null ? null : JsonSerializer.Deserialize(Reported, WireJson.Default.ReportedTwin);
}
