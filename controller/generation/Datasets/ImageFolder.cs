using System.Runtime.ExceptionServices;

namespace InstantNet.Generation.Datasets;

/// <summary>Any image files: <c>train/CLASS/*.png</c> and, where it has one, <c>test/CLASS/*.png</c>; the names of the class folders are the class names.</summary>
/// <remarks>
/// The middle square of each image is brought to one size. Without a test folder one image in seven of every class tests, chosen by seed. Augmentation:
/// moved by up to an eighth of the size, as CIFAR's four pixels of 32, and mirrored, which photographs bear; writing does not.
/// </remarks>
public sealed class ImageFolder : IDataset
{
    private const string Train = "train";
    private const string Test = "test";
    private const string Holds = "train/CLASS/ and, if there is one, test/CLASS/, each with .jpg, .jpeg or .png files";
    private const int CropDivisor = 8;

    /// <inheritdoc/>
    public string Name => "folder";

    /// <inheritdoc/>
    public DatasetSplit Load(DatasetOptions options, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ImageFormat format = options.Format ?? ImageFormat.Default;
        string folder = options.RequireFolder(Holds), trainFolder = Path.Combine(folder, Train), testFolder = Path.Combine(folder, Test);
        if (!Directory.Exists(trainFolder))
            throw new InvalidDataException($"'{folder}' has no folder '{Train}': {Holds} are accepted.");

        ClassFolders train = ClassFolders.List(trainFolder);
        ImageDecoder.Prepare();
        bool ownTest = Directory.Exists(testFolder);
        (ImageSet Train, ImageSet Test) parts = ownTest
            ? (Decode(train, StratifiedSplit.Shuffle(train.Counts, seed), format, cancellationToken), DecodeTest(train, testFolder, seed, format, cancellationToken))
            : DecodeSplit(train, seed, format, cancellationToken);
        return new DatasetSplit(
            parts.Train, parts.Test, train.Names, ownTest ? SplitOrigin.Files : SplitOrigin.Stratified, new Augmentation(format.Size / CropDivisor, Flip: true));
    }

    private static ImageSet DecodeTest(ClassFolders train, string testFolder, int seed, ImageFormat format, CancellationToken cancellationToken)
    {
        ClassFolders test = ClassFolders.List(testFolder);
        if (train.Names.Except(test.Names).Concat(test.Names.Except(train.Names)).FirstOrDefault() is { } odd)
            throw new InvalidDataException($"'{testFolder}' has other classes than '{Train}' beside it: '{odd}' is in one of them only, and the same class folders are accepted.");
        return Decode(test, StratifiedSplit.Shuffle(test.Counts, seed), format, cancellationToken);
    }

    private static (ImageSet Train, ImageSet Test) DecodeSplit(ClassFolders all, int seed, ImageFormat format, CancellationToken cancellationToken)
    {
        if (all.Files.FirstOrDefault(f => f.Length == 1) is [var lonely])
            throw new InvalidDataException($"'{lonely}' is the only image of its class: two or more are accepted where there is no folder '{Test}'.");
        (StratifiedSplit.Place[] train, StratifiedSplit.Place[] test) = StratifiedSplit.Choose(all.Counts, seed);
        return (Decode(all, train, format, cancellationToken), Decode(all, test, format, cancellationToken));
    }

    private static ImageSet Decode(ClassFolders classes, StratifiedSplit.Place[] places, ImageFormat format, CancellationToken cancellationToken)
    {
        int each = format.Shape.Count;
        if ((long)places.Length * each > Array.MaxLength)
            throw new InvalidDataException($"{places.Length} images of {format.Shape} take more than {Array.MaxLength} bytes: fewer or smaller ones are accepted, see --size.");
        byte[] pixels = new byte[places.Length * each];
        try
        {
            ParallelOptions parallel = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.For(0, places.Length, parallel, i =>
                ImageDecoder.Decode(classes.Files[places[i].Label][places[i].Index], format, pixels.AsSpan(i * each, each)));
        }
        catch (AggregateException e)
        {
            // One sentence about one file, as if read one by one.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return new ImageSet(format.Shape, pixels, [.. places.Select(p => p.Label)]);
    }
}
