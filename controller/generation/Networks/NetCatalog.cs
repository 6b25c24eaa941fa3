namespace InstantNet.Generation.Networks;

/// <summary>Networks by the name that options and run folders carry.</summary>
public static class NetCatalog
{
    /// <summary>Every name, for messages.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mobilenet-small"];

    /// <summary>Builds a network for images of a shape.</summary>
    /// <exception cref="ArgumentException">No network has that name; the message lists them.</exception>
    public static NetSpec Build(string name, TensorShape input, int classes) => name switch
    {
        "mobilenet-small" => MobileNet.Small(input, classes),
        _ => throw new ArgumentException($"There is no network '{name}': {string.Join(", ", Names)} is accepted."),
    };
}
