using System.Text.Json.Serialization;

namespace InstantNet.Agent.Durable;

/// <summary>Content of counters.json.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Boot">Starts of the agent.</param>
/// <param name="Epoch">Number of the last connection attempt.</param>
/// <param name="HighestRevision">Highest revision that was committed.</param>
/// <param name="ShortRuns">Starts in a row that were followed neither by an orderly stop nor by a calm run.</param>
internal sealed record CounterValues(int V = 1, int Boot = 0, long Epoch = 0, long HighestRevision = 0, int ShortRuns = 0);

/// <summary>The JSON of small durable files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CounterValues))]
internal sealed partial class DurableJson : JsonSerializerContext;
