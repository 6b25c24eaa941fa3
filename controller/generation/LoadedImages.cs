using System.Security.Cryptography;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;

namespace InstantNet.Generation;

/// <summary>The images of a generation, and what follows from them.</summary>
/// <param name="Options">What to generate, with the changes to images that are really made.</param>
/// <param name="Net">Network for these images.</param>
/// <param name="Document">Where the network comes from, if not from the catalog.</param>
/// <param name="Train">Images to learn from.</param>
/// <param name="Test">Images to test with.</param>
/// <param name="Report">What they are, for people.</param>
internal sealed record LoadedImages(GenerationOptions Options, NetSpec Net, NetworkDocument? Document, ImageSet Train, ImageSet Test, DatasetReport Report)
{
    /// <summary>Of the network: its name, or what its file says, wherever that lies.</summary>
    public string NetworkIdentity =>
        Document is null ? Options.Network : $"{Document.Name}, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(NetworkDocumentFile.ToJson(Document)))}";

    /// <summary>Reads the data set.</summary>
    /// <exception cref="ArgumentException">There is no such data set or network, or an option does not fit it.</exception>
    /// <exception cref="IOException">The data set is not there.</exception>
    /// <exception cref="InvalidDataException">The data set is damaged.</exception>
    public static LoadedImages Load(GenerationOptions options, CancellationToken cancellationToken)
    {
        IDataset source = DatasetCatalog.Find(options.Dataset.Name);
        DatasetSplit data = source.Load(options.Dataset, options.Training.Seed, cancellationToken);
        ImageSet train = options.TrainImages > 0 ? data.Train.Take(options.TrainImages) : data.Train;
        Augmentation changes = options.Augmentation ?? data.Augmentation;
        changes.RefuseTooFar(train.Shape);
        DatasetReport report = new(source.Name, train.Count, data.Test.Count, train.Shape, data.ClassNames)
        {
            Split = data.Origin,
            Augmentation = changes.ToString(),
        };
        NetworkDocument? document = NetworkDocumentFile.IsPath(options.Network) ? NetworkDocumentFile.Read(options.Network) : null;
        NetSpec net = document?.Build(train.Shape, data.ClassNames.Count) ?? NetCatalog.Build(options.Network, train.Shape, data.ClassNames.Count);
        return new LoadedImages(options with { Training = options.Training with { Augmentation = changes } }, net, document, train, data.Test, report);
    }
}
