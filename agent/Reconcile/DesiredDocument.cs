using System.Text.Json;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Contracts.Messages;
using Microsoft.Extensions.Logging;

namespace InstantNet.Agent.Reconcile;

/// <summary>Keeps the device as the controller desires it: newer documents are checked, kept on disk and put in force; the last one survives a restart.</summary>
/// <param name="folder">Data folder of the agent.</param>
/// <param name="server">Takes the policy.</param>
/// <param name="setTelemetryWindow">Takes the length of a telemetry window, milliseconds.</param>
/// <param name="log">Diagnostics.</param>
internal sealed partial class DesiredDocument(
    AgentFolder folder, IModelServer server, Action<int> setTelemetryWindow, ILogger<DesiredDocument> log)
{
    private readonly Lock _lock = new();
    private long _appliedVersion;
    private DesiredAnswer _answer = DesiredAnswer.None;

    /// <summary>Raised after each answer; handlers must return at once.</summary>
    public event Action? Answered;

    /// <summary>Version of the document in force; 0 before the first.</summary>
    public long AppliedVersion => Volatile.Read(ref _appliedVersion);

    /// <summary>How the last document was answered.</summary>
    public DesiredAnswer Answer => Volatile.Read(ref _answer);

    /// <summary>Puts the last applied document in force, or the default policy before the first.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            if (TryRead() is { } twin && DesiredTwinRule.Faults(twin).Count == 0)
                PutInForceLocked(twin);
            else
                server.Apply(PrecisionPolicy.Default);
        }
    }

    /// <summary>Takes a document from the controller.</summary>
    public void Receive(DesiredTwin twin)
    {
        lock (_lock)
        {
            if (DesiredTwinRule.IsStale(twin, _appliedVersion))
                return;
            IReadOnlyList<string> faults = DesiredTwinRule.Faults(twin);
            if (faults.Count == 0)
                faults = TryKeepLocked(twin);
            if (faults.Count == 0)
                PutInForceLocked(twin);
            else
                RefuseLocked(twin, faults);
        }

        Answered?.Invoke();
    }

    private IReadOnlyList<string> TryKeepLocked(DesiredTwin twin)
    {
        try
        {
            DurableFile.Write(folder.Desired, JsonSerializer.SerializeToUtf8Bytes(twin, WireJson.Default.DesiredTwin));
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"The device cannot keep it: {e.Message}"];
        }
    }

    private void PutInForceLocked(DesiredTwin twin)
    {
        server.Apply(twin.Policy);
        setTelemetryWindow(twin.TelemetryWindowMs);
        _appliedVersion = twin.Version;
        Volatile.Write(ref _answer, new DesiredAnswer(twin.Version, Applied: true, []));
        LogApplied(twin.Version);
    }

    private void RefuseLocked(DesiredTwin twin, IReadOnlyList<string> faults)
    {
        Volatile.Write(ref _answer, new DesiredAnswer(twin.Version, Applied: false, faults));
        LogRefused(twin.Version, string.Join(' ', faults));
    }

    private DesiredTwin? TryRead()
    {
        if (DurableFile.TryRead(folder.Desired) is not { } content)
            return null;
        try
        {
            return JsonSerializer.Deserialize(content, WireJson.Default.DesiredTwin);
        }
        catch (JsonException)
        {
            // Damaged: the retained document of the broker replaces it.
            return null;
        }
    }

    [LoggerMessage(1300, LogLevel.Information, "Desired version {Version} is in force")]
    private partial void LogApplied(long version);

    [LoggerMessage(1301, LogLevel.Warning, "Desired version {Version} is refused: {Faults}")]
    private partial void LogRefused(long version, string faults);
}
