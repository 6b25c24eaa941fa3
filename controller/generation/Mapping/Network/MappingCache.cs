using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Keeps what searches found from run to run, a file per layer. Any number of threads and processes may share a folder.</summary>
/// <remarks>
/// A file's name is the SHA-256 of everything that decides the result. What is read is costed again and believed only if it is legal and costs
/// what it says; anything else is searched anew and replaced.
/// </remarks>
/// <param name="folder">Made with the first file.</param>
internal sealed class MappingCache(string folder)
{
    // Grows whenever the search would find something else for the same key.
    private const int Algorithm = 1;

    /// <summary>Kept results of a search, or those of the search itself, which are then kept.</summary>
    /// <param name="key">The layer and its bits.</param>
    /// <param name="architecture">The engine.</param>
    /// <param name="flows">How many expert flows a result has.</param>
    /// <param name="options">All that decides the result besides.</param>
    /// <param name="search">Runs when nothing usable is kept.</param>
    public IReadOnlyList<LayerChoices> GetOrSearch(
        LayerKey key, Architecture architecture, int flows, MapOptions options, Func<IReadOnlyList<LayerChoices>> search)
    {
        string path = Path.Combine(folder, $"{NameOf(key, architecture, options)}.json");
        if (Read(path, key, architecture, flows, options) is IReadOnlyList<LayerChoices> kept)
            return kept;
        IReadOnlyList<LayerChoices> found = search();
        if (options.TimePerLayer is null)
            Write(path, found);
        return found;
    }

    private static string NameOf(LayerKey key, Architecture architecture, MapOptions options)
    {
        MappingCacheKey all = new(
            Algorithm, key.Workload, key.Bits, architecture, options.Seed, options.EvaluationsPerLayer, options.IdleEvaluations, options.Objective,
            options.LatencyBoundMilliseconds is not null, options.MayPad, [.. SearchPlan.Flows(options)], options.Effects);
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(all, MappingCacheJson.Default.MappingCacheKey)));
    }

    private static List<LayerChoices>? Read(string path, LayerKey key, Architecture architecture, int flows, MapOptions options)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            CachedChoices[] kept = JsonSerializer.Deserialize(File.ReadAllBytes(path), MappingCacheJson.Default.CachedChoicesArray) ?? [];
            if (kept.Length != key.Bits.Count)
                return null;
            List<LayerChoices> choices = [];
            for (int i = 0; i < kept.Length; i++)
            {
                LayerChoices empty = new(new CostModel(key.Workload, architecture, key.Bits[i], effects: options.Effects), [], []);
                MappingCandidate?[] experts = [.. kept[i].Experts.Select(c => c.Check(empty))], frontier = [.. kept[i].Frontier.Select(c => c.Check(empty))];
                if (experts.Length != flows || frontier.Length == 0 || experts.Contains(null) || frontier.Contains(null))
                    return null;
                choices.Add(empty with { Experts = experts!, Frontier = frontier! });
            }

            return choices;
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private void Write(string path, IReadOnlyList<LayerChoices> found)
    {
        CachedChoices[] kept = [.. found.Select(c => new CachedChoices([.. c.Experts.Select(CachedMapping.Of)], [.. c.Frontier.Select(CachedMapping.Of)]))];
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(kept, MappingCacheJson.Default.CachedChoicesArray);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(path, s => s.Write(json));
    }
}

/// <summary>Everything that decides what a search finds.</summary>
internal sealed record MappingCacheKey(
    int Algorithm, Workload Workload, IReadOnlyList<OperandBits> Bits, Architecture Architecture, long Seed, long Evaluations, long IdleEvaluations,
    MapObjective Objective, bool IsBounded, bool MayPad, IReadOnlyList<string> Flows, PhysicalEffects Effects);

/// <summary>One precision's results.</summary>
internal sealed record CachedChoices(IReadOnlyList<CachedMapping> Experts, IReadOnlyList<CachedMapping> Frontier);

/// <summary>A mapping in flat form with the cost that it must have.</summary>
internal sealed record CachedMapping(int[] Bounds, int[] Orders, int[] Keeps, LoopBounds? Padded, double EnergyPicojoules, long Cycles)
{
    public static CachedMapping Of(MappingCandidate candidate) => new(
        candidate.Mapping.Bounds, [.. candidate.Mapping.Orders], [.. candidate.Mapping.Keeps], candidate.Padded?.Bounds,
        candidate.Cost.EnergyPicojoules, candidate.Cost.Cycles);

    /// <summary>The candidate, or null when it is not a legal mapping of the layer or costs something else.</summary>
    public MappingCandidate? Check(LayerChoices layer)
    {
        EncodedMapping mapping = new(layer.Model.Architecture.Levels.Count);
        bool isWhole = Bounds.Length == mapping.Bounds.Length && Orders.Length == mapping.Orders.Length && Keeps.Length == mapping.Keeps.Length
            && Bounds.All(b => b >= 1) && Orders.Chunk(MappingView.Width).All(o => o.Order().SequenceEqual(Enumerable.Range(0, MappingView.Width)));
        if (!isWhole)
            return null;
        Bounds.CopyTo(mapping.Bounds, 0);
        Orders.Select(o => (byte)o).ToArray().CopyTo(mapping.Orders, 0);
        Keeps.Select(k => (byte)k).ToArray().CopyTo(mapping.Keeps, 0);
        Workload own = layer.Model.Workload;
        Workload? padded = Padded is null ? null : new Workload(Padded, own.Stride, own.IsDepthwise, own.Groups, own.Padding);
        MappingCandidate candidate = layer.Reprice(new MappingCandidate(mapping, default, padded));
        bool isBelieved = candidate.Cost == new Cost(EnergyPicojoules, Cycles)
            && new SearchSpace(layer.ModelOf(candidate), FlowConstraints.None).IsLegal(mapping.View);
        return isBelieved ? candidate : null;
    }
}

/// <summary>JSON of the cache, compact.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MappingCacheKey))]
[JsonSerializable(typeof(CachedChoices[]))]
internal sealed partial class MappingCacheJson : JsonSerializerContext;
