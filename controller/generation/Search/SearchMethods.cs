namespace InstantNet.Generation.Search;

/// <summary>Search methods by the name that options and reports carry.</summary>
public static class SearchMethods
{
    /// <summary>All of them; the first is the product's, the others are what it is compared with.</summary>
    public static IReadOnlyList<ISearchMethod> All { get; } = [new SpNas(), new FpNas(), new LpNas()];

    /// <summary>SP-NAS.</summary>
    public static ISearchMethod Default => All[0];

    /// <summary>Every name, for messages.</summary>
    public static IEnumerable<string> Names => All.Select(m => m.Name);

    /// <exception cref="ArgumentException">No method has that name; the message lists them.</exception>
    public static ISearchMethod Named(string name) => All.FirstOrDefault(m => m.Name == name)
        ?? throw new ArgumentException($"There is no search method '{name}': {string.Join(", ", Names)} are accepted.");
}
