using System.Text.Json.Serialization;

namespace InstantNet.Bench.Mapper;

/// <summary>What <c>bench mapper</c> measured; rates are mappings a second.</summary>
/// <param name="V">Version of this form, 1.</param>
/// <param name="Machine">Where.</param>
/// <param name="Nets">One thread, net by net.</param>
/// <param name="Costed">One thread, all layers.</param>
/// <param name="CostedOnTwo">Two threads together, all layers.</param>
/// <param name="BytesPerCosting">Allocated per mapping.</param>
/// <param name="BytesPerReordering">Allocated per level reordered.</param>
internal sealed record MapperResult(
    int V, Machine Machine, IReadOnlyList<NetRate> Nets, double Costed, double CostedOnTwo, double BytesPerCosting, double BytesPerReordering);

/// <summary>One network's layers; each gets the same time.</summary>
/// <param name="Net">Its name.</param>
/// <param name="Layers">Distinct ones.</param>
/// <param name="Costed">Random mappings costed.</param>
/// <param name="Reordered">Mappings costed anew after one level's order changed.</param>
/// <param name="Searched">Mappings made, made legal, costed and ranked by the search.</param>
internal sealed record NetRate(string Net, int Layers, double Costed, double Reordered, double Searched);

/// <summary>JSON of the result.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MapperResult))]
internal sealed partial class MapperJson : JsonSerializerContext;
