using System.Text.Json;
using InstantNet.Agent.Durable;

namespace InstantNet.Agent.Activation;

/// <summary>execution.json: the durable state of the current execution.</summary>
/// <param name="folder">Data folder of the agent.</param>
internal sealed class ExecutionFile(AgentFolder folder)
{
    /// <summary>The state on disk; null before the first job, or when the file is damaged or of a later agent: the retained job then begins anew.</summary>
    public ExecutionRecord? TryRead()
    {
        if (DurableFile.TryRead(folder.Execution) is not { } content)
            return null;
        try
        {
            ExecutionRecord? record = JsonSerializer.Deserialize(content, ActivationJson.Default.ExecutionRecord);
            return record is { V: ExecutionRecord.FormatVersion } ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the state; durable when it returns.</summary>
    /// <exception cref="IOException">The disk refuses; the old state is still there.</exception>
    public void Write(ExecutionRecord record) =>
        DurableFile.Write(folder.Execution, JsonSerializer.SerializeToUtf8Bytes(record, ActivationJson.Default.ExecutionRecord));
}
