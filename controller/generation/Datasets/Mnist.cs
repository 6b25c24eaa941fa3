using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>MNIST: 70,000 grey images of 28x28, ten handwritten digits; any data set in its four files and shape is read likewise.</summary>
/// <remarks>
/// Source: LeCun, Bottou, Bengio, Haffner, 1998; the authors' split of 60,000 and 10,000. No augmentation: digits are centred by mass, a mirrored one
/// is no digit, and runs here are too short for moved ones to pay.
/// </remarks>
public sealed class Mnist : IDataset
{
    private const int Side = 28;
    private const int Classes = 10;
    private const string Holds = "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or the same ending in .gz";

    /// <inheritdoc/>
    public string Name => "mnist";

    /// <inheritdoc/>
    public DatasetSplit Load(DatasetOptions options, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RefuseFormat($"1x{Side}x{Side}");
        string folder = options.Folder ?? Path.Combine(options.CacheFolder, Name, "data");
        if (options.Folder is null && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"MNIST is not at '{folder}': run deploy/setup.sh, or name with --data a folder with {Holds}.");
        options.RefuseMissing(folder, Holds);

        ImageSet train = Read(folder, "train");
        cancellationToken.ThrowIfCancellationRequested();
        ImageSet test = Read(folder, "t10k");
        return new DatasetSplit(train, test, [.. Enumerable.Range(0, Classes).Select(d => $"{d}")], SplitOrigin.Files, default);
    }

    private static ImageSet Read(string folder, string part)
    {
        string imageFile = Locate(folder, $"{part}-images-idx3-ubyte"), labelFile = Locate(folder, $"{part}-labels-idx1-ubyte");
        (int[] sizes, byte[] pixels) = IdxFile.Read(imageFile, dimensions: 3);
        (_, byte[] labels) = IdxFile.Read(labelFile, dimensions: 1);
        if (sizes is not [int count, Side, Side])
            throw new InvalidDataException($"'{imageFile}' has images of {sizes[1]}x{sizes[2]}; {Side}x{Side} is accepted.");
        if (labels.Length != count)
            throw new InvalidDataException($"'{labelFile}' has {labels.Length} labels, but '{imageFile}' {count} images; one label an image is accepted.");
        LabelRange.RefuseOutside(labelFile, labels, Classes);
        return new ImageSet(new TensorShape(1, Side, Side), pixels, labels);
    }

    private static string Locate(string folder, string name)
    {
        string plain = Path.Combine(folder, name), compressed = $"{plain}.gz";
        return !File.Exists(plain) && File.Exists(compressed) ? compressed : plain;
    }
}
