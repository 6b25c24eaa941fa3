using System.Text.Json.Serialization;

namespace InstantNet.Agent.Durable;

/// <summary>Content of counters.json.</summary>
internal sealed record CounterValues(int V = 1, int Boot = 0, long Epoch = 0, long HighestRevision = 0);

/// <summary>The JSON of small durable files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CounterValues))]
internal sealed partial class DurableJson : JsonSerializerContext;
