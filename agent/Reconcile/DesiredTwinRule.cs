using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Reconcile;

/// <summary>What to do with a desired document. Pure.</summary>
internal static class DesiredTwinRule
{
    private const int MinWindowMs = 100;
    private const int MaxWindowMs = 600_000;

    /// <summary>True when the document is not news.</summary>
    public static bool IsStale(DesiredTwin twin, long appliedVersion) => twin.Version <= appliedVersion;

    /// <summary>Why a document cannot be applied, one sentence each; empty when it can.</summary>
    public static IReadOnlyList<string> Faults(DesiredTwin twin)
    {
        if (twin.V != DesiredTwin.MessageVersion)
            return [$"v is {twin.V}: this agent reads {DesiredTwin.MessageVersion}."];
        List<string> faults = [];
        if (twin.Policy is null)
            faults.Add("policy is missing.");
        else
            faults.AddRange(twin.Policy.Faults());
        if (twin.TelemetryWindowMs is < MinWindowMs or > MaxWindowMs)
            faults.Add($"telemetryWindowMs is {twin.TelemetryWindowMs}: {MinWindowMs} to {MaxWindowMs} is accepted.");
        return faults;
    }
}
