using System.Security.Cryptography;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public sealed class ImageFileTests : IDisposable
{
    private static readonly ImageSet TwoImages = new(new TensorShape(1, 1, 3), [1, 2, 3, 4, 5, 6], [9, 8]);
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void What_was_written_is_read()
    {
        ImageFile.Write(_file, TwoImages);

        ImageSet read = ImageFile.Read(_file);

        Assert.Equal(TwoImages.Shape, read.Shape);
        Assert.Equal(TwoImages.Pixels, read.Pixels);
        Assert.Equal(TwoImages.Labels, read.Labels);
    }

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        ImageFile.Write(_file, TwoImages);

        byte[] body = [.. "INIM"u8, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 9, 8, 1, 2, 3, 4, 5, 6];
        Assert.Equal([.. body, .. SHA256.HashData(body)], File.ReadAllBytes(_file));
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        ImageFile.Write(_file, TwoImages);
        byte[] good = File.ReadAllBytes(_file);

        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x81;
            File.WriteAllBytes(_file, bad);
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => ImageFile.Read(_file));
            Assert.Contains(_file, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_was_cut_off_or_continued_is_refused()
    {
        ImageFile.Write(_file, TwoImages);
        byte[] good = File.ReadAllBytes(_file);

        for (int length = 0; length < good.Length; length++)
        {
            File.WriteAllBytes(_file, good[..length]);
            Assert.Throws<InvalidDataException>(() => ImageFile.Read(_file));
        }

        File.WriteAllBytes(_file, [.. good, 0]);
        Assert.Throws<InvalidDataException>(() => ImageFile.Read(_file));
    }

    [Fact]
    public void Another_version_is_named()
    {
        ImageFile.Write(_file, TwoImages);
        byte[] later = File.ReadAllBytes(_file);
        later[4] = 2;
        File.WriteAllBytes(_file, later);

        Assert.Contains("version 2", Assert.Throws<InvalidDataException>(() => ImageFile.Read(_file)).Message, StringComparison.Ordinal);
    }
}
