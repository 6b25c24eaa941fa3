using System.IO.Compression;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public sealed class MnistTests : IDisposable
{
    private const int Pixels = 28 * 28;
    private readonly DatasetFolder _folder = new();

    public MnistTests()
    {
        WriteImages("train", 5);
        WriteLabels("train", [0, 9, 3, 3, 1]);
        WriteImages("t10k", 2);
        WriteLabels("t10k", [7, 8]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_and_labels_come_in_the_order_of_the_files_and_the_authors_split_stands()
    {
        DatasetSplit split = Load();

        Assert.Equal(new TensorShape(1, 28, 28), split.Train.Shape);
        Assert.Equal((5, 2, SplitOrigin.Files), (split.Train.Count, split.Test.Count, split.Origin));
        Assert.Equal([0, 9, 3, 3, 1], split.Train.Labels);
        Assert.Equal([7, 8], split.Test.Labels);
        Assert.Equal([0, 1, 2], split.Train.Image(0)[..3].ToArray());
        Assert.Equal([4, 5], split.Train.Image(4)[..2].ToArray());
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], split.ClassNames);
    }

    [Fact]
    public void Compressed_files_are_read_like_plain_ones()
    {
        DatasetSplit plain = Load();
        foreach (string file in Directory.GetFiles(_folder.Root))
        {
            using (GZipStream gzip = new(File.Create($"{file}.gz"), CompressionLevel.Optimal))
                gzip.Write(File.ReadAllBytes(file));
            File.Delete(file);
        }

        DatasetSplit compressed = Load();

        Assert.Equal(plain.Train.Pixels, compressed.Train.Pixels);
        Assert.Equal(plain.Test.Labels, compressed.Test.Labels);
    }

    [Fact]
    public void Without_a_folder_the_one_that_the_set_up_script_fills_is_read()
    {
        using DatasetFolder cache = new();
        foreach (string file in Directory.GetFiles(_folder.Root))
            cache.Write(Path.Combine("mnist", "data", Path.GetFileName(file)), File.ReadAllBytes(file));

        Assert.Equal(5, new Mnist().Load(new DatasetOptions("mnist", cache.Root), 1, CancellationToken.None).Train.Count);
        Assert.Contains("deploy/setup.sh", Assert.Throws<DirectoryNotFoundException>(
            () => new Mnist().Load(new DatasetOptions("mnist", "/nowhere"), 1, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", 0, "it ends within its header")]
    [InlineData("train-images-idx3-ubyte", 15, "it ends within its header")]
    [InlineData("train-images-idx3-ubyte", 16, "its header claims 3936 bytes, it has 16")]
    [InlineData("t10k-images-idx3-ubyte", 1000, "its header claims 1584 bytes, it has 1000")]
    [InlineData("t10k-labels-idx1-ubyte", 9, "its header claims 10 bytes, it has 9")]
    public void A_file_that_was_cut_off_is_named(string name, int bytes, string how)
    {
        File.WriteAllBytes(_folder.At(name), File.ReadAllBytes(_folder.At(name))[..bytes]);

        MustSay(name, how, "IDX file of unsigned bytes");
    }

    [Fact]
    public void A_compressed_file_that_was_cut_off_is_named()
    {
        byte[] whole = File.ReadAllBytes(_folder.At("train-images-idx3-ubyte"));
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(whole);
        File.WriteAllBytes(_folder.At("train-images-idx3-ubyte"), compressed.ToArray()[..((int)compressed.Length / 2)]);

        MustSay("train-images-idx3-ubyte", "IDX file of unsigned bytes");
    }

    [Fact]
    public void Content_after_the_end_is_refused()
    {
        File.WriteAllBytes(_folder.At("t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 2, 7, 8, 9]);

        MustSay("t10k-labels-idx1-ubyte", "claims 10 bytes, it has 11");
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 0 }, "begins with 00000801, not 00000803")] // labels in place of images
    [InlineData(new byte[] { 0, 0, 13, 3, 0, 0, 0, 0 }, "begins with 00000D03")] // floats
    [InlineData(new byte[] { 0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0 }, "begins with 89504E47")]
    public void A_file_of_another_kind_is_named(byte[] start, string how)
    {
        File.WriteAllBytes(_folder.At("train-images-idx3-ubyte"), [.. start, .. new byte[100]]);

        MustSay("train-images-idx3-ubyte", how);
    }

    [Theory]
    [InlineData(0x7f, 0xff)]
    [InlineData(0xff, 0xff)]
    [InlineData(0, 0)]
    public void A_header_that_claims_absurd_sizes_is_refused_before_anything_is_allocated(byte high, byte low)
    {
        byte[] size = [high, low, low, low];
        File.WriteAllBytes(_folder.At("train-images-idx3-ubyte"), [0, 0, 8, 3, .. size, .. size, .. size, 1, 2, 3]);

        MustSay("train-images-idx3-ubyte", "sizes that are not positive or exceed");
    }

    [Fact]
    public void A_few_compressed_bytes_cannot_claim_gigabytes()
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write([0, 0, 8, 3, 0, 0x20, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]);
        File.WriteAllBytes(_folder.At("train-images-idx3-ubyte"), compressed.ToArray());

        MustSay("train-images-idx3-ubyte", "cannot hold");
    }

    [Fact]
    public void Counts_that_differ_name_both_files()
    {
        WriteLabels("train", [0, 1, 2, 3]);

        MustSay("train-labels-idx1-ubyte", "4 labels", "train-images-idx3-ubyte", "5 images");
    }

    [Fact]
    public void A_label_out_of_range_is_named_with_its_image()
    {
        WriteLabels("t10k", [7, 10]);

        MustSay("t10k-labels-idx1-ubyte", "image 1", "class 10", "0 to 9");
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        File.WriteAllBytes(_folder.At("t10k-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]);

        MustSay("t10k-images-idx3-ubyte", "2x2", "28x28 is accepted");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(_folder.At("t10k-labels-idx1-ubyte"));

        MustSay("t10k-labels-idx1-ubyte' is missing");
    }

    [Fact]
    public void A_folder_that_is_not_there_or_empty_or_a_file_says_what_it_should_hold()
    {
        using DatasetFolder empty = new();

        Assert.Contains("train-images", Assert.Throws<DirectoryNotFoundException>(() => Load("/nowhere")).Message, StringComparison.Ordinal);
        Assert.Contains("is empty", Assert.Throws<InvalidDataException>(() => Load(empty.Root)).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<DirectoryNotFoundException>(() => Load(_folder.At("t10k-labels-idx1-ubyte"))).Message, StringComparison.Ordinal);
    }

    private DatasetSplit Load(string? folder = null) =>
        new Mnist().Load(new DatasetOptions("mnist", "/no/cache") { Folder = folder ?? _folder.Root }, 1, CancellationToken.None);

    private void MustSay(params string[] parts)
    {
        string sentence = Assert.Throws<InvalidDataException>(() => Load()).Message;
        Assert.Contains(_folder.Root, sentence, StringComparison.Ordinal);
        Assert.All(parts, p => Assert.Contains(p, sentence, StringComparison.Ordinal));
    }

    /// <summary>Pixel p of image i is i + p, modulo 256.</summary>
    private void WriteImages(string part, byte count) => _folder.Write(
        $"{part}-images-idx3-ubyte", [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28, .. Enumerable.Range(0, count * Pixels).Select(i => (byte)(i / Pixels + i % Pixels))]);

    private void WriteLabels(string part, byte[] labels) =>
        _folder.Write($"{part}-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels]);
}
