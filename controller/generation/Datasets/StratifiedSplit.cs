using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>Parts a data set so that every class has the same share of its images in the test part.</summary>
internal static class StratifiedSplit
{
    /// <summary>One image in seven tests: 10,000 of Fashion-MNIST's 70,000, as its authors split it.</summary>
    private const int OneIn = 7;

    /// <summary>An image by its class and its place among the class's images.</summary>
    public readonly record struct Place(byte Label, int Index);

    /// <param name="counts">Images of each class; of two or more, at least one tests.</param>
    /// <param name="seed">Same seed, same split, on every machine.</param>
    /// <returns>Both parts in random order.</returns>
    public static (Place[] Train, Place[] Test) Choose(IReadOnlyList<int> counts, int seed)
    {
        List<Place> train = [], test = [];
        Random random = new(seed);
        for (int label = 0; label < counts.Count; label++)
        {
            int[] order = [.. Enumerable.Range(0, counts[label])];
            random.Shuffle(order);
            int testing = order.Length < 2 ? 0 : Math.Max(1, order.Length / OneIn);
            test.AddRange(order.Take(testing).Select(i => new Place((byte)label, i)));
            train.AddRange(order.Skip(testing).Select(i => new Place((byte)label, i)));
        }

        return (Shuffled(train, random), Shuffled(test, random));
    }

    /// <summary>All images of all classes, in random order.</summary>
    public static Place[] Shuffle(IReadOnlyList<int> counts, int seed) =>
        Shuffled(counts.SelectMany((count, label) => Enumerable.Range(0, count).Select(i => new Place((byte)label, i))), new Random(seed));

    /// <param name="classes">Images by label, [images, c, h, w] each.</param>
    /// <param name="shape">Of one image.</param>
    /// <param name="seed">Same seed, same split, on every machine.</param>
    public static (ImageSet Train, ImageSet Test) Split(IReadOnlyList<byte[]> classes, TensorShape shape, int seed)
    {
        (Place[] train, Place[] test) = Choose([.. classes.Select(c => c.Length / shape.Count)], seed);
        return (Gather(train), Gather(test));

        ImageSet Gather(Place[] places)
        {
            byte[] pixels = new byte[(long)places.Length * shape.Count];
            for (int i = 0; i < places.Length; i++)
                classes[places[i].Label].AsSpan(places[i].Index * shape.Count, shape.Count).CopyTo(pixels.AsSpan(i * shape.Count));
            return new ImageSet(shape, pixels, [.. places.Select(p => p.Label)]);
        }
    }

    private static Place[] Shuffled(IEnumerable<Place> places, Random random)
    {
        Place[] order = [.. places];
        random.Shuffle(order);
        return order;
    }
}
