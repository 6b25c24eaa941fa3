using System.Runtime.ExceptionServices;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>Fashion-MNIST: 70,000 grey images of 28x28, ten classes of clothes, 7,000 each.</summary>
/// <remarks>
/// Source: Xiao, Rasul, Vollgraf, 2017 (arXiv:1708.07747), as the registry package fashion-mnist 1.1.0 carries it (one JSON file a class; the
/// authors' own split is lost in it, so figures here are comparable with each other and only roughly with published ones). No augmentation: clothes are
/// centred, all shoes point to the left, and in the few passes of a run here moved images cost more than they teach.
/// </remarks>
public sealed class FashionMnist : IDataset
{
    private static readonly string[] ClassNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <inheritdoc/>
    public string Name => "fashion-mnist";

    /// <inheritdoc/>
    /// <remarks>
    /// 60,000 training and 10,000 test images. The folder is a cache folder in any case: the first call for a seed parses 155 MB of JSON and keeps the
    /// result beside it; a damaged cache is rebuilt.
    /// </remarks>
    public DatasetSplit Load(DatasetOptions options, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        TensorShape shape = new(1, FashionMnistJson.Side, FashionMnistJson.Side);
        options.RefuseFormat($"{shape}");
        string folder = Path.Combine(options.Folder ?? options.CacheFolder, Name), clothes = Path.Combine(folder, "src", "clothes");
        if (!Directory.Exists(clothes))
            throw new DirectoryNotFoundException(
                $"Fashion-MNIST is not at '{clothes}': run deploy/setup.sh, or set INSTANTNET_CACHE to the folder it filled.");

        string[] files = [.. ClassNames.Select((_, label) => Path.Combine(clothes, $"{label}.json"))];
        long fingerprint = Fingerprint(files);
        string cache = Path.Combine(folder, $"split-{seed}.bin");
        if (SplitCache.TryRead(cache, seed, fingerprint) is not var (train, test))
        {
            byte[][] classes = ReadAll(files);
            cancellationToken.ThrowIfCancellationRequested();
            (train, test) = StratifiedSplit.Split(classes, shape, seed);
            SplitCache.Write(cache, seed, fingerprint, train, test);
        }

        return new DatasetSplit(train, test, ClassNames, SplitOrigin.Stratified, default);
    }

    private static byte[][] ReadAll(string[] files)
    {
        try
        {
            return [.. files.AsParallel().AsOrdered().Select(FashionMnistJson.Read)];
        }
        catch (AggregateException e)
        {
            // One sentence about one file, as if read one by one.
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
    }

    /// <summary>Changes when a file's size does (FNV-1a over the sizes): the package is versioned, no need to hash its content.</summary>
    private static long Fingerprint(string[] files)
    {
        ulong hash = 14695981039346656037;
        foreach (string file in files)
            hash = (hash ^ (ulong)(File.Exists(file) ? new FileInfo(file).Length : -1)) * 1099511628211;
        return (long)hash;
    }
}
