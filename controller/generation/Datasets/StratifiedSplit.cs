using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>Parts a data set so that every class has the same share of its images in the test part.</summary>
internal static class StratifiedSplit
{
    /// <summary>One image in seven tests: 10,000 of Fashion-MNIST's 70,000, as its authors split it.</summary>
    private const int OneIn = 7;

    /// <param name="classes">Images by label, [images, c, h, w] each.</param>
    /// <param name="shape">Of one image.</param>
    /// <param name="seed">Same seed, same split, on every machine.</param>
    public static (ImageSet Train, ImageSet Test) Split(IReadOnlyList<byte[]> classes, TensorShape shape, int seed)
    {
        List<(byte Label, int Index)> train = [], test = [];
        Random random = new(seed);
        for (int label = 0; label < classes.Count; label++)
        {
            int[] order = [.. Enumerable.Range(0, classes[label].Length / shape.Count)];
            random.Shuffle(order);
            int testing = order.Length / OneIn;
            test.AddRange(order.Take(testing).Select(i => ((byte)label, i)));
            train.AddRange(order.Skip(testing).Select(i => ((byte)label, i)));
        }

        return (Gather(train), Gather(test));

        ImageSet Gather(List<(byte Label, int Index)> chosen)
        {
            (byte Label, int Index)[] order = [.. chosen];
            random.Shuffle(order);
            byte[] pixels = new byte[(long)order.Length * shape.Count];
            for (int i = 0; i < order.Length; i++)
                classes[order[i].Label].AsSpan(order[i].Index * shape.Count, shape.Count).CopyTo(pixels.AsSpan(i * shape.Count));
            return new ImageSet(shape, pixels, [.. order.Select(o => o.Label)]);
        }
    }
}
