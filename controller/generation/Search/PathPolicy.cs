namespace InstantNet.Generation.Search;

/// <summary>How much of the supernet a step runs: what bounds its memory and time. Immutable.</summary>
/// <param name="Name">What options call it.</param>
/// <param name="ForWeights">Choices of each layer that run while weights learn; fewer where a layer has fewer.</param>
/// <param name="ForArchitecture">The same while the architecture learns; at least two, or it would learn nothing.</param>
/// <param name="IsHard">
/// Whether one choice alone counts, and the gradient passes to the architecture straight through; otherwise the choices are mixed in proportion.
/// </param>
public sealed record PathPolicy(string Name, int ForWeights, int ForArchitecture, bool IsHard)
{
    /// <summary>Weights learn in one sampled network; the architecture from two choices a layer of which one is run (ProxylessNAS).</summary>
    public static PathPolicy One { get; } = new("1", 1, 2, IsHard: true);

    /// <summary>Two sampled choices a layer, mixed.</summary>
    public static PathPolicy Two { get; } = new("2", 2, 2, IsHard: false);

    /// <summary>All choices mixed, as in the paper.</summary>
    public static PathPolicy Mixture { get; } = new("all", int.MaxValue, int.MaxValue, IsHard: false);

    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<PathPolicy> All { get; } = [One, Two, Mixture];

    /// <exception cref="ArgumentException">No policy has that name; the message lists them.</exception>
    public static PathPolicy Named(string name) => All.FirstOrDefault(p => p.Name == name)
        ?? throw new ArgumentException($"--paths is '{name}': {string.Join(", ", All.Select(p => p.Name))} are accepted.");
}
