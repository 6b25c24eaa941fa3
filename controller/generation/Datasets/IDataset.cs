namespace InstantNet.Generation.Datasets;

/// <summary>A data set that options can name: where its files lie, how they are read, which images test. Keeps no state.</summary>
public interface IDataset
{
    /// <summary>What options and run folders call it; unique.</summary>
    string Name { get; }

    /// <summary>Reads all images into memory.</summary>
    /// <param name="options">Where from.</param>
    /// <param name="seed">Of the split, where the files have none of their own. Same seed and files, same images in the same order.</param>
    /// <param name="cancellationToken">Gives up between files.</param>
    /// <exception cref="ArgumentException">An option does not apply to this data set, or lacks.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder is not there; the sentence says what it should hold.</exception>
    /// <exception cref="InvalidDataException">A file is missing, damaged or not what is accepted; the sentence names it.</exception>
    DatasetSplit Load(DatasetOptions options, int seed, CancellationToken cancellationToken);
}
