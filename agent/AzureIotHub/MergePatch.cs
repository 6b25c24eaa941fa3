using System.Text.Json.Nodes;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>Changes of a JSON document in the form that twins use: members replace, null deletes. Pure.</summary>
/// <remarks>Source: RFC 7396, JSON Merge Patch.</remarks>
internal static class MergePatch
{
    /// <summary>The document with the change.</summary>
    /// <param name="document">Not changed.</param>
    /// <param name="patch">Not changed.</param>
    public static JsonObject Apply(JsonObject document, JsonObject patch)
    {
        JsonObject result = (JsonObject)document.DeepClone();
        foreach ((string name, JsonNode? value) in patch)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = value is JsonObject change ? Apply(result[name] as JsonObject ?? [], change) : value.DeepClone();
        }

        return result;
    }

    /// <summary>The change that makes one document of another; null when they are equal.</summary>
    /// <remarks>A null in <paramref name="to"/> counts as absent, since a patch cannot set it.</remarks>
    public static JsonObject? Difference(JsonObject from, JsonObject to)
    {
        JsonObject patch = [];
        foreach ((string name, JsonNode? wanted) in to)
        {
            JsonNode? present = from[name];
            if (wanted is null || JsonNode.DeepEquals(present, wanted))
                continue;
            if (wanted is JsonObject wantedObject && present is JsonObject presentObject)
            {
                if (Difference(presentObject, wantedObject) is { } change)
                    patch[name] = change;
            }
            else
            {
                patch[name] = wanted.DeepClone();
            }
        }

        foreach ((string name, _) in from)
        {
            if (to[name] is null)
                patch[name] = null;
        }

        return patch.Count > 0 ? patch : null;
    }
}
