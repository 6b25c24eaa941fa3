using System.Text.Json.Serialization;

namespace InstantNet.Generation.Mapping;

/// <summary>What a search makes small.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MapObjective>))]
public enum MapObjective
{
    /// <summary>Energy times time of a frame.</summary>
    [JsonStringEnumMemberName("edp")]
    EnergyDelay,

    /// <summary>Energy of a frame, however long it takes.</summary>
    [JsonStringEnumMemberName("energy")]
    Energy,

    /// <summary>Time of a frame, whatever it costs.</summary>
    [JsonStringEnumMemberName("latency")]
    Latency,
}
