using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Import;

/// <summary>Which of the images calibrate and which measure. Pure.</summary>
internal static class ImageShare
{
    /// <summary>Of fewer none can be spared: all of them calibrate and measure.</summary>
    public const int FewestToSplit = 64;

    // One in so many calibrates, spread over all, because folders are often sorted by class.
    private const int Every = 4;

    /// <summary>Most images that calibrate; ranges of more do not differ.</summary>
    private const int Most = 256;

    /// <summary>Splits them.</summary>
    /// <returns>Both parts, and whether no image is in both.</returns>
    public static (ImageSet Calibration, ImageSet Test, bool Apart) Split(ImageSet images)
    {
        if (images.Count < FewestToSplit)
            return (images, images, false);
        int step = Math.Max(Every, (images.Count + Most - 1) / Most);
        ILookup<bool, int> parts = Enumerable.Range(0, images.Count).ToLookup(i => i % step == 0);
        return (Pick(images, parts[true]), Pick(images, parts[false]), true);
    }

    /// <summary>Splits images that train: one in four measures.</summary>
    /// <returns>Both parts; no image is in both.</returns>
    public static (ImageSet Training, ImageSet Test, bool Apart) SplitToTrain(ImageSet images)
    {
        ILookup<bool, int> parts = Enumerable.Range(0, images.Count).ToLookup(i => i % Every == 0);
        return (Pick(images, parts[false]), Pick(images, parts[true]), true);
    }

    /// <summary>Two shares of at most so many images each, spread over all; the same images twice where there are fewer than two times the least.</summary>
    public static (ImageSet First, ImageSet Second) Shares(ImageSet images, int most, int least)
    {
        int count = Math.Min(2 * most, images.Count);
        int[] spread = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * images.Count / count))];
        return count < 2 * least
            ? (Pick(images, spread), Pick(images, spread))
            : (Pick(images, spread.Where((_, i) => i % 2 == 0)), Pick(images, spread.Where((_, i) => i % 2 == 1)));
    }

    private static ImageSet Pick(ImageSet images, IEnumerable<int> which)
    {
        int[] picked = [.. which];
        byte[] pixels = new byte[picked.Length * images.Shape.Count];
        for (int i = 0; i < picked.Length; i++)
            images.Image(picked[i]).CopyTo(pixels.AsSpan(i * images.Shape.Count));
        return new ImageSet(images.Shape, pixels, [.. picked.Select(i => images.Labels[i])]);
    }
}
