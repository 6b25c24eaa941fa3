using System.Globalization;

namespace InstantNet.Tests.Unit.Generation.Datasets;

/// <summary>A cache folder with a small made-up Fashion-MNIST in the package's format; deleted at the end of the test.</summary>
internal sealed class ClothesFolder : IDisposable
{
    public const int PerClass = 21;
    private const int Pixels = 28 * 28;

    public ClothesFolder()
    {
        Directory.CreateDirectory(Path.Combine(Root, "fashion-mnist", "src", "clothes"));
        for (int label = 0; label < 10; label++)
            File.WriteAllText(ClassFile(label), Json(Enumerable.Range(0, PerClass).Select(i => Row(label, i))));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("instantnet-clothes-").FullName;

    public string SplitFile(int seed) => Path.Combine(Root, "fashion-mnist", $"split-{seed}.bin");

    public string ClassFile(int label) => Path.Combine(Root, "fashion-mnist", "src", "clothes", $"{label}.json");

    public static string Json(IEnumerable<string> rows) => $$"""{"data":[{{string.Join(',', rows)}}]}""";

    /// <summary>An image that tells which one it is: its first two pixels are label and index.</summary>
    public static string Row(int label, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"[{label},{index},{string.Join(',', Enumerable.Repeat(255, Pixels - 2))}]");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
