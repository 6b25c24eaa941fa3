using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Runs;

/// <summary>Everything that the weights of a run depend on, as lines of "name=value".</summary>
public static class RunFingerprint
{
    // Where files lie, how often state is kept and what a number of steps followed from change nothing.
    private static readonly string[] Immaterial = ["dataset.cacheFolder", "dataset.folder", "checkpointEvery", "budget"];

    /// <param name="options">With the changes to images that are really made.</param>
    /// <param name="train">The images themselves: a folder may hold others tomorrow.</param>
    /// <param name="versions">Of them, libtorch's.</param>
    /// <param name="machine">Of it, what decides which code runs and how sums are cut into parts.</param>
    public static IReadOnlyList<string> Of(GenerationOptions options, ImageSet train, RunVersions versions, RunMachine machine)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(machine);
        List<string> lines = [];
        Flatten(JsonSerializer.SerializeToNode(options, RunJson.Default.GenerationOptions), "", lines);
        lines.RemoveAll(line => Immaterial.Any(name => line.StartsWith(name + "=", StringComparison.Ordinal)));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(train.Labels);
        hash.AppendData(train.Pixels);
        lines.Add($"images={train.Count} of {train.Shape}");
        lines.Add($"images.sha256={Convert.ToHexStringLower(hash.GetHashAndReset())}");
        lines.Add($"libtorch={versions.Libtorch}");
        lines.Add($"machine.architecture={machine.Architecture}");
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"machine.threads={Math.Min(machine.Cores, options.Training.Shards)}"));
        return lines;
    }

    /// <summary>What differs between a checkpoint and this run, for a sentence; null when nothing does.</summary>
    public static string? Difference(IReadOnlyList<string> there, IReadOnlyList<string> here)
    {
        Dictionary<string, string> was = Named(there), now = Named(here);
        string[] differences =
        [
            .. was.Keys.Union(now.Keys, StringComparer.Ordinal).Where(name => was.GetValueOrDefault(name) != now.GetValueOrDefault(name))
                .Select(name => $"{name} is {was.GetValueOrDefault(name, "not set")} there and {now.GetValueOrDefault(name, "not set")} here"),
        ];
        return differences.Length == 0 ? null : string.Join(", ", differences);
    }

    private static Dictionary<string, string> Named(IReadOnlyList<string> lines) => lines.ToDictionary(
        l => l[..l.IndexOf('=', StringComparison.Ordinal)], l => l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

    private static void Flatten(JsonNode? node, string name, List<string> lines)
    {
        switch (node)
        {
            case JsonObject members:
                foreach ((string member, JsonNode? value) in members)
                {
                    Flatten(value, name.Length == 0 ? member : $"{name}.{member}", lines);
                }

                break;
            case JsonArray items:
                lines.Add($"{name}={string.Join(',', items.Select(i => i?.ToJsonString()))}");
                break;
            case not null:
                lines.Add($"{name}={node.ToString()}");
                break;
        }
    }
}
