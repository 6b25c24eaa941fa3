using System.Runtime.CompilerServices;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public sealed class ImageFolderTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Class_folders_are_the_classes_in_the_order_of_their_names_and_a_test_folder_is_the_test_part()
    {
        Fill("train", "dog", 3, 100);
        Fill("train", "cat", 2, 50);
        Fill("test", "cat", 1, 60);
        Fill("test", "dog", 1, 110);

        DatasetSplit split = Load(new ImageFormat(8, 1));

        Assert.Equal(["cat", "dog"], split.ClassNames);
        Assert.Equal((new TensorShape(1, 8, 8), SplitOrigin.Files), (split.Train.Shape, split.Origin));
        Assert.Equal([(50, 0), (51, 0), (100, 1), (101, 1), (102, 1)], Identities(split.Train).Order());
        Assert.Equal([(60, 0), (110, 1)], Identities(split.Test).Order());
    }

    [Fact]
    public void Without_a_test_folder_every_class_gives_one_image_in_seven_by_seed()
    {
        Fill("train", "a", 21, 0);
        Fill("train", "b", 14, 100);
        Fill("train", "c", 2, 200);

        DatasetSplit split = Load(new ImageFormat(8, 1)), again = Load(new ImageFormat(8, 1)), other = Load(new ImageFormat(8, 1), seed: 2);

        Assert.Equal(SplitOrigin.Stratified, split.Origin);
        Assert.Equal([3, 2, 1], split.Test.Labels.Order().CountBy(l => l).Select(c => c.Value));
        Assert.Equal(37, Identities(split.Train).Concat(Identities(split.Test)).Distinct().Count());
        Assert.Equal(split.Train.Pixels, again.Train.Pixels);
        Assert.NotEqual(Identities(split.Test).Order(), Identities(other.Test).Order());
    }

    [Fact]
    public void The_middle_square_is_taken_in_colour()
    {
        // 16 wide, 8 high: columns 4 to 11 are the middle.
        Write("train/a/x.png", SomePng.Of(16, 8, (x, y) => ((byte)(10 * x), (byte)y, x is < 4 or > 11 ? (byte)255 : (byte)0)));
        Fill("train", "b", 2, 0);
        Fill("train", "a", 1, 0);

        ImageSet set = Load(new ImageFormat(8, 3)) is var split ? Concat(split) : default!;
        ReadOnlySpan<byte> image = set.Image(Enumerable.Range(0, set.Count).Single(i => set.Image(i)[7] == 110));

        Assert.Equal([40, 50, 60, 70, 80, 90, 100, 110], image[..8].ToArray());
        Assert.Equal((0, 1, 7), (image[64], image[72], image[127]));
        Assert.True(image[128..].IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void A_jpeg_is_decoded_whatever_its_name_ends_in()
    {
        byte[] bands = File.ReadAllBytes(Beside("bands.jpg")); // 48x32: green, red (columns 8 to 23), blue (24 to 39), green
        Write("train/a/1.jpg", bands);
        Write("train/a/2.JPEG", bands);
        Write("train/b/1.png", bands);
        Write("train/b/2.PNG", bands);

        ImageSet images = Load(new ImageFormat(8, 3)).Train;

        Assert.Equal(2, images.Count);
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<byte> image = images.Image(i);
            Assert.InRange(image[0], 240, 255);
            Assert.InRange(image[7], 0, 15);
            Assert.InRange(image[64], 0, 15);
            Assert.InRange(image[128], 0, 15);
            Assert.InRange(image[128 + 7], 240, 255);
        }
    }

    [Fact]
    public void What_is_transparent_is_black()
    {
        Write("train/a/1.png", SomePng.OfAlpha(8, 8, (x, _) => [200, 200, 200, x < 4 ? (byte)255 : (byte)0]));
        Write("train/a/2.png", SomePng.OfAlpha(8, 8, (x, _) => [200, 200, 200, x < 4 ? (byte)255 : (byte)0]));
        Fill("train", "b", 2, 0);

        DatasetSplit split = Load(new ImageFormat(8, 1));

        Assert.Equal([200, 200, 200, 200, 0, 0, 0, 0], split.Test.Image(split.Test.Labels.IndexOf((byte)0))[..8].ToArray());
    }

    [Fact]
    public void Without_a_format_images_are_those_of_cifar_and_the_crop_is_an_eighth_of_the_size()
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 2, 0);

        Assert.Equal((new TensorShape(3, 32, 32), new Augmentation(4, true)), (Load(null).Train.Shape, Load(null).Augmentation));
        Assert.Equal(new Augmentation(8, true), Load(new ImageFormat(64, 3)).Augmentation);
    }

    [Fact]
    public void Other_files_and_hidden_folders_are_passed_over()
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 2, 0);
        Write("train/b/Thumbs.db", [1, 2, 3]);
        Write("train/.cache/x.png", [1, 2, 3]);
        Write("train/readme.txt", [1, 2, 3]);

        Assert.Equal(2, Load(null).Train.Count);
    }

    [Theory]
    [InlineData(30)]  // within the header's chunk
    [InlineData(60)]  // within the pixels
    public void A_png_that_was_cut_off_is_named(int bytes)
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 2, 0);
        Write("train/b/bad.png", SomePng.OfGrey(30, 30, (x, y) => (byte)(x * y))[..bytes]);

        MustSay("b/bad.png", "does not decode", "PNG and JPEG images are accepted");
    }

    [Fact]
    public void A_jpeg_that_was_cut_off_is_named_though_its_decoder_would_fill_it_with_grey()
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 2, 0);
        byte[] bands = File.ReadAllBytes(Beside("bands.jpg"));
        Write("train/b/bad.jpg", bands[..(bands.Length - 40)]);

        MustSay("b/bad.jpg", "is cut off");
    }

    [Theory]
    [InlineData("")]
    [InlineData("GIF89a, as it happens, not that it matters")]
    public void A_file_that_is_no_image_is_named(string content)
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 2, 0);
        Write("train/a/bad.png", System.Text.Encoding.ASCII.GetBytes(content));

        MustSay("a/bad.png", "no image", "PNG and JPEG images are accepted");
    }

    [Theory]
    [InlineData(65_535, 65_535)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(1, 40_000_000)]
    public void An_image_that_claims_an_absurd_size_is_refused_before_it_is_decoded(int width, int height)
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 2, 0);
        Write("train/a/bomb.png", SomePng.Claiming(width, height));
        long before = GC.GetTotalAllocatedBytes();

        MustSay("a/bomb.png", $"{width}x{height} pixels", $"up to {ImageDecoder.MaxPixels} pixels");

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_class_without_images_is_named()
    {
        Fill("train", "a", 2, 0);
        Directory.CreateDirectory(_folder.At("train", "empty"));

        MustSay("train/empty' has no images", ".jpg, .jpeg, .png");
    }

    [Fact]
    public void One_class_is_not_enough()
    {
        Fill("train", "a", 2, 0);

        MustSay("train' has 1 class folder", "2 to 256");
    }

    [Fact]
    public void A_class_of_one_image_cannot_be_split()
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 1, 0);

        MustSay("b/0.png' is the only image of its class", "two or more");
    }

    [Theory]
    [InlineData("c")]
    [InlineData("b")]
    public void Test_and_training_have_the_same_classes(string odd)
    {
        Fill("train", "a", 2, 0);
        Fill("train", "b", 2, 0);
        Fill("test", "a", 2, 0);
        Fill("test", "c", 2, 0);
        if (odd == "b")
            Directory.Move(_folder.At("test", "c"), _folder.At("test", "d"));

        MustSay("test' has other classes", "'b'");
    }

    [Fact]
    public void A_folder_without_a_training_part_is_named()
    {
        Fill("images", "a", 2, 0);

        MustSay("has no folder 'train'");
    }

    [Theory]
    [InlineData(7, 3, "8 to 512")]
    [InlineData(513, 3, "8 to 512")]
    [InlineData(32, 2, "1 (grey) or 3")]
    public void Sizes_and_channels_have_limits(int size, int channels, string accepted) =>
        Assert.Contains(accepted, Assert.Throws<ArgumentException>(() => new ImageFormat(size, channels)).Message, StringComparison.Ordinal);

    [Fact]
    public void More_than_memory_can_hold_is_refused_before_anything_is_decoded()
    {
        Fill("train", "b", 2, 0);
        Directory.CreateDirectory(_folder.At("train", "a"));
        for (int i = 0; i < 3200; i++)
            File.WriteAllBytes(_folder.At("train", "a", $"{i}.png"), []);

        string sentence = Assert.Throws<InvalidDataException>(() => Load(new ImageFormat(512, 3))).Message;

        Assert.Contains("2744 images of 3x512x512", sentence, StringComparison.Ordinal);
    }

    private DatasetSplit Load(ImageFormat? format, int seed = 1) =>
        new ImageFolder().Load(new DatasetOptions("folder", "/no/cache") { Folder = _folder.Root, Format = format }, seed, CancellationToken.None);

    private void MustSay(params string[] parts)
    {
        string sentence = Assert.Throws<InvalidDataException>(() => Load(null)).Message;
        Assert.Contains(_folder.Root, sentence, StringComparison.Ordinal);
        Assert.All(parts, p => Assert.Contains(p, sentence, StringComparison.Ordinal));
    }

    private void Write(string name, byte[] content) => _folder.Write(name, content);

    /// <summary>Grey images of one value each, counting up.</summary>
    private void Fill(string part, string name, int count, int firstValue)
    {
        for (int i = 0; i < count; i++)
        {
            byte value = (byte)(firstValue + i);
            Write($"{part}/{name}/{i}.png", SomePng.OfGrey(9, 8, (_, _) => value));
        }
    }

    private static IEnumerable<(int Value, int Label)> Identities(ImageSet set) =>
        Enumerable.Range(0, set.Count).Select(i => ((int)set.Image(i)[0], (int)set.Labels[i]));

    private static ImageSet Concat(DatasetSplit split) =>
        new(split.Train.Shape, [.. split.Train.Pixels, .. split.Test.Pixels], [.. split.Train.Labels, .. split.Test.Labels]);

    private static string Beside(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);
}
