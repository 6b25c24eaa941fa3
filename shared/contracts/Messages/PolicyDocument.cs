using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts.Messages;

/// <summary>Reads a policy document that a person wrote: stricter than the wire, where a newer controller may send members that an older agent skips.</summary>
public static class PolicyDocument
{
    private static readonly WireJson Strict = new(new JsonSerializerOptions(WireJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    });

    /// <summary>Reads and checks a document.</summary>
    /// <param name="text">JSON; comments are skipped.</param>
    /// <param name="policy">Without faults; null when there are any.</param>
    /// <returns>Every fault, one sentence each; empty when there are none.</returns>
    public static IReadOnlyList<string> Read(string text, out PrecisionPolicy? policy)
    {
        policy = null;
        try
        {
            PrecisionPolicy? read = JsonSerializer.Deserialize(text, Strict.PrecisionPolicy);
            IReadOnlyList<string> faults = read?.Faults() ?? ["It is JSON null: an object is accepted."];
            if (faults.Count == 0)
                policy = read;
            return faults;
        }
        catch (Exception e) when (e is JsonException or ArgumentOutOfRangeException or InvalidOperationException)
        {
            return [e.Message];
        }
    }
}
