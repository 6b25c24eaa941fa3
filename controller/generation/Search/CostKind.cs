using System.Text.Json.Serialization;

namespace InstantNet.Generation.Search;

/// <summary>What a search keeps within a band.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CostKind>))]
public enum CostKind
{
    /// <summary>Multiply-accumulates of one image, whatever runs them.</summary>
    [JsonStringEnumMemberName("macs")]
    MultiplyAccumulates,

    /// <summary>Energy times time of one image on a device class, at the lowest bit-width.</summary>
    [JsonStringEnumMemberName("edp")]
    EnergyDelay,

    /// <summary>Energy of one image, likewise.</summary>
    [JsonStringEnumMemberName("energy")]
    Energy,

    /// <summary>Time of one image, likewise.</summary>
    [JsonStringEnumMemberName("latency")]
    Latency,
}
