using System.Text;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>CIFAR-10 and CIFAR-100 in their authors' binary distribution: colour images of 32x32, 50,000 for training and 10,000 for testing.</summary>
/// <remarks>
/// A record is its label bytes, then 1,024 red, 1,024 green and 1,024 blue bytes, row by row. A small distribution of one's own is accepted, with as many
/// records as its files have; but where one file is as large as the authors', all are, or one was cut off.
/// Augmentation: moved by up to 4 pixels and mirrored, as everybody since He et al. (CVPR 2016, section 4.2) does.
/// Source: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009, and its page's "Binary version".
/// </remarks>
public sealed class Cifar : IDataset
{
    private const int Side = 32;
    private const int WholeTrain = 50_000, WholeTest = 10_000;

    // Twice the whole training part; five files of it still fit an array.
    private const long MaxFileBytes = 400_000_000;

    private static readonly TensorShape Shape = new(3, Side, Side);

    private readonly Distribution _files;
    private readonly LabelByte[] _labels;

    private Cifar(string name, Distribution files, LabelByte[] labels)
    {
        Name = name;
        (_files, _labels) = (files, labels);
    }

    /// <summary>Ten classes of animals and vehicles, in five training files of one size and one test file.</summary>
    public static Cifar Ten { get; } = new(
        "cifar10",
        new Distribution("cifar-10-batches-bin", "batches.meta.txt", [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin")], "test_batch.bin"),
        [new(10)]);

    /// <summary>A hundred classes; the twenty coarse ones that each record names as well are passed over.</summary>
    public static Cifar Hundred { get; } = new(
        "cifar100", new Distribution("cifar-100-binary", "fine_label_names.txt", ["train.bin"], "test.bin"), [new(20), new(100)]);

    /// <inheritdoc/>
    public string Name { get; }

    private int Classes => _labels[^1].Classes;

    private int RecordBytes => _labels.Length + Shape.Count;

    private string Holds => $"{string.Join(", ", _files.Train)}, {_files.Test} and {_files.Names}";

    /// <inheritdoc/>
    public DatasetSplit Load(DatasetOptions options, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.RefuseFormat($"{Shape}");
        string folder = options.RequireFolder(Holds), unpacked = Path.Combine(folder, _files.Folder);
        if (Directory.Exists(unpacked))
            folder = unpacked;

        string[] names = ReadNames(Path.Combine(folder, _files.Names));
        RefuseCutOff(folder);
        ImageSet train = Read(folder, _files.Train, cancellationToken), test = Read(folder, [_files.Test], cancellationToken);
        return new DatasetSplit(train, test, names, SplitOrigin.Files, new Augmentation(CropPadding: 4, Flip: true));
    }

    /// <summary>A file that ends between two images looks whole by itself; beside others that have the authors' size it does not.</summary>
    private void RefuseCutOff(string folder)
    {
        (string File, int Count, int Whole)[] files =
        [
            .. _files.Train.Append(_files.Test).Select(f => (Path.Combine(folder, f), CountRecords(Path.Combine(folder, f)), f == _files.Test ? WholeTest : WholeTrain / _files.Train.Length)),
        ];
        if (files.All(f => f.Count != f.Whole))
            return;
        (string file, int count, int whole) = files.FirstOrDefault(f => f.Count != f.Whole);
        if (file is not null)
            throw new InvalidDataException($"'{file}' has {count} images where the authors' has {whole}, as others beside it have theirs: it was cut off.");
    }

    private string[] ReadNames(string file)
    {
        if (!File.Exists(file))
            throw new InvalidDataException($"'{file}' is missing; data set '{Name}' needs a folder with {Holds}.");
        string[] names = File.ReadAllLines(file, Encoding.Latin1);
        names = [.. names.Select(n => n.Trim()).Where(n => n.Length > 0)];
        return names.Length == Classes && names.Distinct().Count() == Classes
            ? names
            : throw new InvalidDataException($"'{file}' names {names.Distinct().Count()} classes; {Classes} different names, one a line, are accepted.");
    }

    private ImageSet Read(string folder, string[] files, CancellationToken cancellationToken)
    {
        int each = CountRecords(Path.Combine(folder, files[0]));
        byte[] pixels = new byte[each * files.Length * Shape.Count], labels = new byte[each * files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string file = Path.Combine(folder, files[i]);
            int count = CountRecords(file);
            if (count != each)
                throw new InvalidDataException($"'{file}' has {count} images, but '{files[0]}' {each}: files of one size are accepted, so one was cut off.");
            ReadRecords(file, pixels.AsSpan(i * each * Shape.Count, each * Shape.Count), labels.AsSpan(i * each, each));
        }

        return new ImageSet(Shape, pixels, labels);
    }

    private int CountRecords(string file)
    {
        if (!File.Exists(file))
            throw new InvalidDataException($"'{file}' is missing; data set '{Name}' needs a folder with {Holds}.");
        long bytes = new FileInfo(file).Length;
        if (bytes == 0 || bytes % RecordBytes != 0)
            throw new InvalidDataException($"'{file}' is cut off or of another kind: its {bytes} bytes are no whole number of images; {RecordBytes} bytes an image are accepted.");
        return bytes <= MaxFileBytes ? (int)(bytes / RecordBytes) : throw new InvalidDataException($"'{file}' has {bytes} bytes: up to {MaxFileBytes} are accepted.");
    }

    private void ReadRecords(string file, Span<byte> pixels, Span<byte> labels)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] record = new byte[RecordBytes];
        for (int i = 0; i < labels.Length; i++)
        {
            stream.ReadExactly(record);
            for (int l = 0; l < _labels.Length; l++)
            {
                if (record[l] >= _labels[l].Classes)
                    throw new InvalidDataException($"'{file}' labels image {i} (from 0) as class {record[l]}; 0 to {_labels[l].Classes - 1} is accepted.");
            }

            labels[i] = record[_labels.Length - 1];
            record.AsSpan(_labels.Length).CopyTo(pixels[(i * Shape.Count)..]);
        }
    }

    /// <summary>What the authors' archive unpacks to: a folder, and in it the class names, the training files and the test file.</summary>
    private sealed record Distribution(string Folder, string Names, string[] Train, string Test);

    /// <summary>One label byte of a record; the last one of a record is the class that is learned.</summary>
    private readonly record struct LabelByte(int Classes);
}
