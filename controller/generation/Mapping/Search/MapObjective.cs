using System.Text.Json.Serialization;
using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>What a search makes small.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MapObjective>))]
public enum MapObjective
{
    /// <summary>Energy times time.</summary>
    [JsonStringEnumMemberName("edp")]
    EnergyDelay,

    /// <summary>Energy, however long it takes.</summary>
    [JsonStringEnumMemberName("energy")]
    Energy,

    /// <summary>Time, whatever it costs.</summary>
    [JsonStringEnumMemberName("latency")]
    Latency,
}

/// <summary>Ranks costs by an objective.</summary>
internal static class MapObjectiveValue
{
    // Of two costs that are equal in what counts, the one that is better at the rest is taken.
    private const double TieWeight = 1e-12;

    public static double Of(this MapObjective objective, Cost cost) => objective switch
    {
        MapObjective.Energy => cost.EnergyPicojoules * (1 + (TieWeight * Math.Log(cost.Cycles))),
        MapObjective.Latency => cost.Cycles + (TieWeight * cost.EnergyPicojoules),
        _ => cost.EnergyDelay,
    };
}
