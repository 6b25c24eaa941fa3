using System.Globalization;

namespace InstantNet.Tests.Unit.Generation.Datasets;

/// <summary>A small made-up CIFAR-10 or CIFAR-100 in the authors' binary format; deleted at the end of the test.</summary>
internal sealed class CifarFolder : IDisposable
{
    private const int Pixels = 3 * 32 * 32;
    private readonly DatasetFolder _folder = new();

    public string Root => _folder.Root;

    public string At(params ReadOnlySpan<string> parts) => _folder.At(parts);

    /// <summary>Image i of file f has class i % 10; its first pixels are f, i, class.</summary>
    public static CifarFolder Ten(int perFile)
    {
        CifarFolder made = new();
        made._folder.Write("batches.meta.txt", System.Text.Encoding.ASCII.GetBytes($"{string.Join('\n', Enumerable.Range(0, 10).Select(i => $"class{i}"))}\n\n"));
        for (int file = 1; file <= 6; file++)
        {
            string name = file == 6 ? "test_batch.bin" : string.Create(CultureInfo.InvariantCulture, $"data_batch_{file}.bin");
            made._folder.Write(name, [.. Enumerable.Range(0, perFile).SelectMany(i => Record([(byte)(i % 10)], file, i))]);
        }

        return made;
    }

    /// <summary>Image i has fine class i % 100 and coarse class i % 20; its first pixels are 1 (2 in the test file), i, fine class.</summary>
    public static CifarFolder Hundred(int train, int test)
    {
        CifarFolder made = new();
        made._folder.Write("fine_label_names.txt", System.Text.Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Range(0, 100).Select(i => $"fine{i}"))));
        made._folder.Write("train.bin", [.. Enumerable.Range(0, train).SelectMany(i => Record([(byte)(i % 20), (byte)(i % 100)], 1, i))]);
        made._folder.Write("test.bin", [.. Enumerable.Range(0, test).SelectMany(i => Record([(byte)(i % 20), (byte)(i % 100)], 2, i))]);
        return made;
    }

    public static byte Green(int label) => (byte)(10 + 25 * (label % 10));

    public void Dispose() => _folder.Dispose();

    /// <summary>Red ramps up, green is as bright as the class is high, blue noise that the identity seeds: moved or mirrored, the class still shows.</summary>
    private static byte[] Record(byte[] labels, int file, int index)
    {
        byte[] pixels = new byte[Pixels];
        Random random = new(file * 1000 + index);
        random.NextBytes(pixels.AsSpan(2048));
        for (int i = 0; i < 1024; i++)
            (pixels[i], pixels[1024 + i]) = ((byte)(i / 8), Green(labels[^1]));
        (pixels[0], pixels[1], pixels[2]) = ((byte)file, (byte)index, labels[^1]);
        return [.. labels, .. pixels];
    }
}
