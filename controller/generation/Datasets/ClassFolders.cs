namespace InstantNet.Generation.Datasets;

/// <summary>The image files of a folder with one folder a class.</summary>
/// <param name="Names">Class names, in ordinal order: the index is the label.</param>
/// <param name="Files">Image files of each class, in ordinal order, at least one.</param>
internal sealed record ClassFolders(IReadOnlyList<string> Names, IReadOnlyList<string[]> Files)
{
    private const int MaxClasses = byte.MaxValue + 1;
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png"];

    /// <summary>Number of images of each class.</summary>
    public IReadOnlyList<int> Counts => [.. Files.Select(f => f.Length)];

    /// <summary>Lists a folder; files that are no images by name, and hidden folders, are passed over.</summary>
    /// <exception cref="InvalidDataException">Fewer than two classes, too many, or a class without images.</exception>
    public static ClassFolders List(string folder)
    {
        string[] names = [.. new DirectoryInfo(folder).EnumerateDirectories().Select(d => d.Name).Where(n => !n.StartsWith('.')).Order(StringComparer.Ordinal)];
        if (names.Length is < 2 or > MaxClasses)
            throw new InvalidDataException($"'{folder}' has {names.Length} class folder{(names.Length == 1 ? "" : "s")}: 2 to {MaxClasses} are accepted, each with the images of one class.");
        return new ClassFolders(names, [.. names.Select(n => Images(Path.Combine(folder, n)))]);
    }

    private static string[] Images(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Where(f => Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new InvalidDataException($"'{folder}' has no images: files that end in {string.Join(", ", Extensions)} are accepted, at least one a class.");
    }
}
