using System.Text.Json.Nodes;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>The hub's desired properties as far as this device knows them. Not thread safe.</summary>
/// <remarks>Source: Microsoft, "Understand and use device twins in IoT Hub", device reconnection flow: changes are notified only while connected and
/// without a promise of none being lost, so the versions tell.</remarks>
internal sealed class DesiredMirror
{
    private const string VersionKey = "$version";

    private JsonObject _desired = [];

    /// <summary>Version of what is known; null when the whole has to be read (again).</summary>
    public long? Version { get; private set; }

    /// <summary>The whole was read.</summary>
    public void Replace(JsonObject desired)
    {
        _desired = (JsonObject)desired.DeepClone();
        Version = VersionIn(desired);
    }

    /// <summary>Takes a change; one that is known already changes nothing, and one that does not follow on what is known makes it unknown.</summary>
    /// <param name="patch">As received.</param>
    /// <param name="version">From its topic; that in the patch comes first.</param>
    /// <returns>False when the whole must be read again.</returns>
    public bool TryPatch(JsonObject patch, long? version)
    {
        version = VersionIn(patch) ?? version;
        if (version <= Version)
            return true;
        if (Version is null || version != Version + 1)
        {
            Version = null;
            return false;
        }

        _desired = MergePatch.Apply(_desired, patch);
        Version = version;
        return true;
    }

    /// <summary>A top-level object; null when it is not there or no object.</summary>
    public JsonObject? Section(string name) => _desired[name] as JsonObject;

    /// <summary>Nothing is known.</summary>
    public void Forget() => Version = null;

    private static long? VersionIn(JsonObject properties) =>
        properties[VersionKey] is JsonValue value && value.TryGetValue(out long version) ? version : null;
}
