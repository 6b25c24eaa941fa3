using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public sealed class CifarTests
{
    [Fact]
    public void Cifar10_comes_file_after_file_with_its_names_and_its_own_test_part()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 12);

        DatasetSplit split = Load(Cifar.Ten, folder.Root);

        Assert.Equal(new TensorShape(3, 32, 32), split.Train.Shape);
        Assert.Equal((60, 12, SplitOrigin.Files), (split.Train.Count, split.Test.Count, split.Origin));
        Assert.Equal("class0 class9", $"{split.ClassNames[0]} {split.ClassNames[9]}");
        for (int i = 0; i < 60; i++)
        {
            Assert.Equal([(byte)(1 + i / 12), (byte)(i % 12), (byte)(i % 12 % 10)], split.Train.Image(i)[..3].ToArray());
            Assert.Equal(i % 12 % 10, split.Train.Labels[i]);
        }

        Assert.Equal([6, 0, 0], split.Test.Image(0)[..3].ToArray());
    }

    [Fact]
    public void Planes_of_colour_stay_where_the_network_reads_them()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 10);

        ReadOnlySpan<byte> image = Load(Cifar.Ten, folder.Root).Train.Image(2);

        Assert.Equal((127, CifarFolder.Green(2)), (image[1023], image[1024]));
        Assert.Equal(CifarFolder.Green(2), image[2047]);
    }

    [Fact]
    public void Cifar100_is_learned_by_its_fine_classes()
    {
        using CifarFolder folder = CifarFolder.Hundred(train: 150, test: 101);

        DatasetSplit split = Load(Cifar.Hundred, folder.Root);

        Assert.Equal((150, 101, 100), (split.Train.Count, split.Test.Count, split.ClassNames.Count));
        Assert.Equal((99, 49), (split.Train.Labels[99], split.Train.Labels[149]));
        Assert.Equal([1, 149, 49], split.Train.Image(149)[..3].ToArray());
        Assert.Equal("fine42", split.ClassNames[42]);
    }

    [Fact]
    public void Photographs_are_moved_and_mirrored_unless_told_otherwise()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 1);

        Assert.Equal(new Augmentation(4, true), Load(Cifar.Ten, folder.Root).Augmentation);
    }

    [Fact]
    public void The_folder_above_the_unpacked_one_is_accepted_too()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 1);
        DirectoryInfo unpacked = Directory.CreateDirectory(folder.At("cifar-10-batches-bin"));
        foreach (string file in Directory.GetFiles(folder.Root))
            File.Move(file, Path.Combine(unpacked.FullName, Path.GetFileName(file)));

        Assert.Equal(5, Load(Cifar.Ten, folder.Root).Train.Count);
    }

    [Theory]
    [InlineData("data_batch_3.bin", 0)]
    [InlineData("data_batch_3.bin", 1)]
    [InlineData("data_batch_1.bin", 3072)]
    [InlineData("test_batch.bin", 3074)]
    public void A_file_cut_off_within_an_image_is_named(string name, int bytes)
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 2);
        File.WriteAllBytes(folder.At(name), File.ReadAllBytes(folder.At(name))[..bytes]);

        MustSay(Cifar.Ten, folder, name, $"its {bytes} bytes are no whole number of images", "3073 bytes an image");
    }

    [Fact]
    public void A_file_cut_off_between_images_is_named_too_because_the_others_are_longer()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 2);
        File.WriteAllBytes(folder.At("data_batch_4.bin"), File.ReadAllBytes(folder.At("data_batch_4.bin"))[..3073]);

        MustSay(Cifar.Ten, folder, "data_batch_4.bin' has 1 images", "'data_batch_1.bin' 2");
    }

    [Theory]
    [InlineData("test.bin", 2)]
    [InlineData("train.bin", 3)]
    public void A_file_cut_off_between_images_is_named_when_the_one_beside_it_is_as_large_as_the_authors(string cut, int images)
    {
        using CifarFolder folder = CifarFolder.Hundred(cut == "train.bin" ? images : 0, cut == "test.bin" ? images : 0);
        string whole = cut == "test.bin" ? "train.bin" : "test.bin";
        using (FileStream file = File.Create(folder.At(whole)))
            file.SetLength((cut == "test.bin" ? 50_000L : 10_000L) * 3074);

        MustSay(Cifar.Hundred, folder, cut, $"has {images} images where the authors' has", "it was cut off");
    }

    [Fact]
    public void A_label_out_of_range_is_named_with_its_image()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 2);
        Damage(folder.At("data_batch_2.bin"), at: 3073, value: 10);

        MustSay(Cifar.Ten, folder, "data_batch_2.bin' labels image 1", "class 10", "0 to 9");
    }

    [Theory]
    [InlineData(0, 20, "0 to 19")]
    [InlineData(1, 100, "0 to 99")]
    public void Coarse_and_fine_labels_have_their_own_ranges(int at, byte value, string accepted)
    {
        using CifarFolder folder = CifarFolder.Hundred(2, 1);
        Damage(folder.At("test.bin"), at, value);

        MustSay(Cifar.Hundred, folder, "test.bin", $"class {value}", accepted);
    }

    [Fact]
    public void Files_of_cifar10_are_not_read_as_cifar100()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 1);

        MustSay(Cifar.Hundred, folder, "fine_label_names.txt' is missing", "train.bin, test.bin");
    }

    [Theory]
    [InlineData("a\nb\n", "names 2 classes")]
    [InlineData("a\na\nb\nc\nd\ne\nf\ng\nh\ni\n", "names 9 classes")]
    public void A_wrong_number_of_class_names_is_refused(string names, string how)
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 1);
        File.WriteAllText(folder.At("batches.meta.txt"), names);

        MustSay(Cifar.Ten, folder, "batches.meta.txt", how, "10 different names");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using CifarFolder folder = CifarFolder.Ten(perFile: 1);
        File.Delete(folder.At("data_batch_5.bin"));

        MustSay(Cifar.Ten, folder, "data_batch_5.bin' is missing");
    }

    [Fact]
    public void Without_a_folder_the_sentence_says_which_one_to_name()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Cifar.Ten.Load(new DatasetOptions("cifar10", "/no/cache"), 1, CancellationToken.None));

        Assert.Contains("--data", e.Message, StringComparison.Ordinal);
        Assert.Contains("data_batch_5.bin", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_or_empty_is_named()
    {
        using DatasetFolder empty = new();

        Assert.Contains("'/nowhere' does not exist", Assert.Throws<DirectoryNotFoundException>(() => Load(Cifar.Ten, "/nowhere")).Message, StringComparison.Ordinal);
        Assert.Contains("is empty", Assert.Throws<InvalidDataException>(() => Load(Cifar.Ten, empty.Root)).Message, StringComparison.Ordinal);
    }

    private static DatasetSplit Load(Cifar cifar, string folder) =>
        cifar.Load(new DatasetOptions(cifar.Name, "/no/cache") { Folder = folder }, 1, CancellationToken.None);

    private static void MustSay(Cifar cifar, CifarFolder folder, params string[] parts)
    {
        string sentence = Assert.Throws<InvalidDataException>(() => Load(cifar, folder.Root)).Message;
        Assert.All(parts, p => Assert.Contains(p, sentence, StringComparison.Ordinal));
        Assert.Contains(folder.Root, sentence, StringComparison.Ordinal);
    }

    private static void Damage(string file, int at, byte value)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at] = value;
        File.WriteAllBytes(file, bytes);
    }
}
