using InstantNet.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public sealed class FashionMnistTests : IDisposable
{
    private readonly ClothesFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_class_has_one_image_in_seven_in_the_test_part()
    {
        DatasetSplit split = Load(seed: 1);

        Assert.Equal(10 * ClothesFolder.PerClass / 7, split.Test.Count);
        Assert.Equal(10 * ClothesFolder.PerClass * 6 / 7, split.Train.Count);
        Assert.All(split.Test.Labels.CountBy(l => l), c => Assert.Equal(ClothesFolder.PerClass / 7, c.Value));
        Assert.Equal(10, split.ClassNames.Count);
    }

    [Fact]
    public void Every_image_is_in_exactly_one_part_with_its_own_label()
    {
        DatasetSplit split = Load(seed: 1);

        (byte, byte)[] seen = [.. Identities(split.Train), .. Identities(split.Test)];

        Assert.Equal(10 * ClothesFolder.PerClass, seen.Distinct().Count());
        Assert.All(new[] { split.Train, split.Test }, set =>
            Assert.All(Enumerable.Range(0, set.Count), i => Assert.Equal(set.Labels[i], set.Image(i)[0])));
    }

    [Fact]
    public void The_same_seed_gives_the_same_split_and_another_seed_another_one()
    {
        DatasetSplit first = Load(seed: 1);
        File.Delete(_folder.SplitFile(1));
        DatasetSplit again = Load(seed: 1);
        DatasetSplit other = Load(seed: 2);

        Assert.Equal(first.Train.Pixels, again.Train.Pixels);
        Assert.Equal(first.Test.Labels, again.Test.Labels);
        Assert.NotEqual(first.Train.Pixels, other.Train.Pixels);
    }

    [Fact]
    public void The_second_load_reads_the_cache_and_gives_the_same_images()
    {
        DatasetSplit parsed = Load(seed: 1);
        byte[] json = File.ReadAllBytes(_folder.ClassFile(0));
        Array.Fill(json, (byte)'!');
        File.WriteAllBytes(_folder.ClassFile(0), json); // same size: only the cache can answer now

        DatasetSplit cached = Load(seed: 1);

        Assert.Equal(parsed.Train.Pixels, cached.Train.Pixels);
        Assert.Equal(parsed.Train.Labels, cached.Train.Labels);
        Assert.Equal(parsed.Test.Pixels, cached.Test.Pixels);
        Assert.Equal(parsed.Test.Labels, cached.Test.Labels);
    }

    [Theory]
    [InlineData(3)]       // magic
    [InlineData(60)]      // labels of the training images
    [InlineData(5_000)]   // a training pixel
    [InlineData(-100)]    // a test pixel
    [InlineData(-1)]      // the last checksum
    public void A_damaged_cache_is_rebuilt(int damagedByte)
    {
        DatasetSplit parsed = Load(seed: 1);
        byte[] cache = File.ReadAllBytes(_folder.SplitFile(1));
        byte[] damaged = [.. cache];
        damaged[damagedByte < 0 ? damaged.Length + damagedByte : damagedByte] ^= 0x10;
        File.WriteAllBytes(_folder.SplitFile(1), damaged);

        DatasetSplit reloaded = Load(seed: 1);

        Assert.Equal(parsed.Train.Pixels, reloaded.Train.Pixels);
        Assert.Equal(parsed.Test.Pixels, reloaded.Test.Pixels);
        Assert.Equal(cache, File.ReadAllBytes(_folder.SplitFile(1)));
    }

    [Fact]
    public void A_cache_that_was_cut_off_is_rebuilt()
    {
        DatasetSplit parsed = Load(seed: 1);
        byte[] cache = File.ReadAllBytes(_folder.SplitFile(1));
        File.WriteAllBytes(_folder.SplitFile(1), cache[..(cache.Length / 2)]);

        Assert.Equal(parsed.Test.Pixels, Load(seed: 1).Test.Pixels);
        Assert.Equal(cache.Length, new FileInfo(_folder.SplitFile(1)).Length);
    }

    [Fact]
    public void A_source_of_another_size_makes_the_cache_stale()
    {
        Load(seed: 1);
        File.WriteAllText(_folder.ClassFile(4), ClothesFolder.Json(Enumerable.Range(0, 7).Select(i => ClothesFolder.Row(4, i))));

        Assert.Equal(1, Load(seed: 1).Test.Labels.Count(l => l == 4));
    }

    [Fact]
    public void A_missing_folder_is_one_sentence_that_says_what_to_do()
    {
        DirectoryNotFoundException e = Assert.Throws<DirectoryNotFoundException>(() => Load(seed: 1, "/nowhere"));

        Assert.Contains("/nowhere/fashion-mnist/src/clothes", e.Message, StringComparison.Ordinal);
        Assert.Contains("deploy/setup.sh", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_class_is_one_sentence_that_names_the_file()
    {
        File.Delete(_folder.ClassFile(7));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Load(seed: 1));

        Assert.Contains("7.json' is missing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_no_temporary_file_behind()
    {
        Load(seed: 1);

        Assert.Equal([_folder.SplitFile(1)], Directory.GetFiles(Path.Combine(_folder.Root, "fashion-mnist")));
    }

    [Fact]
    public void A_size_is_refused_because_the_images_have_one()
    {
        DatasetOptions sized = new("fashion-mnist", _folder.Root) { Format = ImageFormat.Default };

        Assert.Contains("1x28x28", Assert.Throws<ArgumentException>(() => new FashionMnist().Load(sized, 1, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    private DatasetSplit Load(int seed, string? cache = null) =>
        new FashionMnist().Load(new DatasetOptions("fashion-mnist", cache ?? _folder.Root), seed, CancellationToken.None);

    private static IEnumerable<(byte, byte)> Identities(ImageSet set) =>
        Enumerable.Range(0, set.Count).Select(i => (set.Image(i)[0], set.Image(i)[1]));
}
