namespace InstantNet.Generation.Training.Quantizers;

/// <summary>Quantisers by the name that options and reports carry.</summary>
public static class QuantizerCatalog
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<IQuantizer> All { get; } = [new SymmetricQuantizer(), new LsqQuantizer(), new DoReFaQuantizer(), new SbmQuantizer()];

    /// <summary>Symmetric.</summary>
    public static IQuantizer Default => All[0];

    /// <summary>Every name, for messages.</summary>
    public static IEnumerable<string> Names => All.Select(q => q.Name);

    /// <exception cref="ArgumentException">No quantiser has that name; the message lists them.</exception>
    public static IQuantizer Named(string name) => All.FirstOrDefault(q => q.Name == name)
        ?? throw new ArgumentException($"There is no quantiser '{name}': {string.Join(", ", Names)} are accepted.");

    /// <summary>Says so when what a quantiser trains cannot be exported, before anything is trained for it.</summary>
    /// <exception cref="ArgumentException">It cannot; the message says why and which can.</exception>
    public static void RefuseUndeployable(IQuantizer quantizer)
    {
        ArgumentNullException.ThrowIfNull(quantizer);
        if (quantizer.Deployment.Obstacle is { } obstacle)
        {
            throw new ArgumentException($"Quantiser '{quantizer.Name}' cannot be exported, because {obstacle}; "
                + $"{string.Join(", ", All.Where(q => q.Deployment.IsExact).Select(q => q.Name))} can. It can be compared: './instantnet eval'.");
        }
    }
}
