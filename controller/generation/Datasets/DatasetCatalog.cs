namespace InstantNet.Generation.Datasets;

/// <summary>Data sets by the name that options carry.</summary>
public static class DatasetCatalog
{
    private static readonly IDataset[] All = [new FashionMnist(), new Mnist(), Cifar.Ten, Cifar.Hundred, new ImageFolder()];

    /// <summary>Every name, for messages; the first is the one of the built-in scenario.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(d => d.Name)];

    /// <summary>The data set of a name.</summary>
    /// <exception cref="ArgumentException">No data set has that name; the message lists them.</exception>
    public static IDataset Find(string name) =>
        All.FirstOrDefault(d => d.Name == name) ?? throw new ArgumentException($"There is no data set '{name}': {string.Join(", ", Names)} is accepted.");
}
