namespace InstantNet.Generation.Datasets;

/// <summary>Which data set, and where it lies.</summary>
/// <param name="Name">Name in <see cref="DatasetCatalog"/>.</param>
/// <param name="CacheFolder">What <see cref="Datasets.CacheFolder.FromEnvironment"/> gives: where the set-up script put data sets.</param>
public sealed record DatasetOptions(string Name, string CacheFolder)
{
    private const string FolderName = "folder";

    /// <summary>The folder that holds the files; null for the one below <see cref="CacheFolder"/>, which not every data set has.</summary>
    public string? Folder { get; init; }

    /// <summary>How image files are to come out; null for the default. Data sets whose images have one shape refuse it.</summary>
    public ImageFormat? Format { get; init; }

    /// <summary>For data sets whose images come in one shape.</summary>
    /// <exception cref="ArgumentException">A format is given.</exception>
    internal void RefuseFormat(string images)
    {
        if (Format is not null)
            throw new ArgumentException($"The images of data set '{Name}' are {images}: a size or number of channels is accepted for '{FolderName}' only.");
    }

    /// <summary>The folder given, for data sets that the set-up script does not bring.</summary>
    /// <param name="holds">What it should hold, for the sentence.</param>
    /// <exception cref="ArgumentException">None is given.</exception>
    /// <exception cref="DirectoryNotFoundException">It does not exist.</exception>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    internal string RequireFolder(string holds)
    {
        if (string.IsNullOrEmpty(Folder))
            throw new ArgumentException($"Data set '{Name}' needs --data and a folder with {holds}.");
        RefuseMissing(Folder, holds);
        return Folder;
    }

    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    internal void RefuseMissing(string folder, string holds)
    {
        if (File.Exists(folder))
            throw new DirectoryNotFoundException($"'{folder}' is a file: data set '{Name}' needs a folder with {holds}.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"'{folder}' does not exist: data set '{Name}' needs a folder with {holds}.");
        if (!Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidDataException($"'{folder}' is empty: data set '{Name}' needs a folder with {holds}.");
    }
}
