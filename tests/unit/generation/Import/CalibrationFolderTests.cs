using System.Buffers.Binary;
using System.Text;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;
using InstantNet.Tests.Unit.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation.Import;

public sealed class CalibrationFolderTests : IDisposable
{
    private static readonly NetSpec Net = new("n", new TensorShape(1, 2, 3), [new LinearSpec("l", "x", 6, 4)]);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-calibrate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Files_of_both_kinds_are_read_in_the_order_of_their_names()
    {
        Save("b.npy", "|u1", "(2, 1, 2, 3)", [.. Enumerable.Range(20, 12).Select(i => (byte)i)]);
        ImageFile.Write(At("a.images"), new ImageSet(Net.Input, [1, 2, 3, 4, 5, 6], [3]));
        File.WriteAllText(At("notes.txt"), "passed over");

        CalibrationImages read = Read();

        Assert.Equal(3, read.Images.Count);
        Assert.Equal([1, 2, 3, 4, 5, 6], read.Images.Image(0).ToArray());
        Assert.Equal(20, read.Images.Image(1)[0]);
        Assert.False(read.HasLabels); // not all files bring any
    }

    [Fact]
    public void Labels_come_with_the_files_when_all_bring_some()
    {
        ImageFile.Write(At("a.images"), new ImageSet(Net.Input, new byte[12], [3, 1]));

        CalibrationImages read = Read();

        Assert.True(read.HasLabels);
        Assert.Equal([3, 1], read.Images.Labels);
    }

    [Fact]
    public void Labels_come_from_a_text_file()
    {
        Save("a.npy", "|u1", "(2, 1, 2, 3)", new byte[12]);
        File.WriteAllText(At("labels.txt"), "2\n0\n");

        Assert.Equal([2, 0], Read(At("labels.txt")).Images.Labels);
    }

    [Fact]
    public void Floats_are_pixels_by_255()
    {
        byte[] values = new byte[24];
        BinaryPrimitives.WriteSingleLittleEndian(values, 1f);
        BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(4), 100 / 255f);
        Save("a.npy", "<f4", "(1, 1, 2, 3)", values);

        Assert.Equal([255, 100, 0], Read().Images.Image(0)[..3].ToArray());
    }

    [Fact]
    public void Floats_beyond_0_to_1_are_refused_and_say_where_normalisation_belongs()
    {
        byte[] values = new byte[24];
        BinaryPrimitives.WriteSingleLittleEndian(values, -0.5f);
        Save("a.npy", "<f4", "(1, 1, 2, 3)", values);

        Refuse("a.npy", "-0.5", "--mean");
    }

    [Fact]
    public void Pictures_are_decoded_and_brought_to_the_size_that_the_network_reads()
    {
        NetSpec square = new("n", new TensorShape(1, 8, 8), [new LinearSpec("l", "x", 64, 4)]);
        File.WriteAllBytes(At("a.png"), SomePng.OfGrey(16, 16, (x, _) => (byte)(x < 8 ? 40 : 200)));

        ImageSet read = new CalibrationFolder(CalibrationFolder.Formats).Read(_folder.FullName, square.Input, square.Classes, null).Images;

        Assert.Equal([40, 40, 40, 40, 200, 200, 200, 200], read.Image(0)[..8].ToArray());
    }

    [Fact]
    public void A_picture_cannot_become_an_image_that_is_no_square()
    {
        File.WriteAllBytes(At("a.png"), SomePng.OfGrey(16, 16, (_, _) => 7));

        Refuse("a.png", "cannot be made an image of 1x2x3");
    }

    [Fact]
    public void An_empty_folder_is_refused() => Refuse(_folder.FullName, "holds no images", ".images, .npy");

    [Fact]
    public void A_folder_that_is_not_there_is_named() =>
        Assert.Contains("none", Assert.Throws<DirectoryNotFoundException>(() => new CalibrationFolder(CalibrationFolder.Formats).Read(At("none"), Net.Input, Net.Classes, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        Save("a.npy", "|u1", "(1, 1, 3, 2)", new byte[6]);

        Refuse("a.npy", "1x3x2, the network reads 1x2x3");
    }

    [Theory]
    [InlineData("<f8", "(1, 1, 2, 3)", 48, "'<f8'; uint8 and")]
    [InlineData("|u1", "(1, 2, 3)", 6, "[1, 2, 3]; [n, channels")]
    [InlineData("|u1", "(2, 1, 2, 3)", 6, "holds 6 bytes")]
    [InlineData("|u1", "(999999999999999999, 1, 2, 3)", 6, "holds 6 bytes")]
    public void Arrays_of_another_kind_are_refused(string type, string shape, int bytes, string why)
    {
        Save("a.npy", type, shape, new byte[bytes]);

        Refuse("a.npy", why);
    }

    [Fact]
    public void A_file_that_is_no_array_is_refused()
    {
        File.WriteAllText(At("a.npy"), "not an array at all");

        Refuse("a.npy", "does not begin as NumPy's");
    }

    [Theory]
    [InlineData("4\n0", "Image 1 in", "of class 4, the network has classes 0 to 3")]
    [InlineData("0\ncat", "'cat' of image 2", "a class number")]
    [InlineData("0\n300", "'300' of image 2", "a class number")]
    [InlineData("0", "holds 1 labels for 2 images", "")]
    public void Labels_that_do_not_fit_are_refused(string labels, string why, string more)
    {
        Save("a.npy", "|u1", "(2, 1, 2, 3)", new byte[12]);
        File.WriteAllText(At("labels.txt"), labels);

        string message = Assert.Throws<InvalidDataException>(() => Read(At("labels.txt"))).Message;
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.Contains(more, message, StringComparison.Ordinal);
    }

    private void Save(string name, string type, string shape, byte[] values)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}\n";
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        File.WriteAllBytes(At(name), [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. values]);
    }

    private CalibrationImages Read(string? labels = null) => new CalibrationFolder(CalibrationFolder.Formats).Read(_folder.FullName, Net.Input, Net.Classes, labels);

    private void Refuse(params string[] words)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read()).Message;
        Assert.All(words, w => Assert.Contains(w, message, StringComparison.Ordinal));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
