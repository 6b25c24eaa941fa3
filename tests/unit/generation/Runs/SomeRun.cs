using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;

namespace InstantNet.Tests.Unit.Generation.Runs;

/// <summary>A finished run folder of a few bytes, with one mapped class; deleted at the end of the test.</summary>
internal sealed class SomeRun : IDisposable
{
    public static readonly WireId Class = WireId.Parse("eyeriss-168");
    public static readonly DateTimeOffset Created = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-run-");

    public SomeRun() => Folder = new RunFolder(Path.Combine(_root.FullName, "run"));

    public RunFolder Folder { get; }

    public static RunReport Report { get; } = new(
        RunReport.FormatVersion, Created, 7, "tiny", 1234, new DatasetReport("noise", 60, 10, new TensorShape(1, 2, 2), ["cat", "dog"]),
        new TrainingReport("cdt", 1.5, 10, 2.5, 24), [Variant(4), Variant(8)]);

    public static MappingReport Mapping { get; } = new(
        MappingReport.FormatVersion, Class, 12.5, 0.5, 500,
        [new MappedPrecision(new Precision(4), "dataflow-4.json", 0.25, 0.5, 1e-9, 2e-9), new MappedPrecision(new Precision(8), "dataflow-8.json", 0.5, 1, 3e-9, 4e-9)]);

    /// <summary>Writes every file of a finished run.</summary>
    public SomeRun Finish()
    {
        foreach (VariantReport variant in Report.Variants)
            Folder.Write(variant.Model, new byte[] { 1, 2, (byte)variant.Bits.Bits });
        foreach (MappedPrecision mapped in Mapping.Precisions)
            Folder.Write(mapped.Dataflow, new byte[] { 3, (byte)mapped.Bits.Bits });
        Folder.Write(Path.GetFileName(Folder.GoldenFrames), new byte[] { 9, 9, 9, 9, 8, 8, 8, 8 });
        Folder.Write(Mapping);
        Folder.Write(Report);
        return this;
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static VariantReport Variant(int bits) =>
        new(new Precision(bits), RunFolder.ModelName(new Precision(bits)), 3, 0.5 + (bits / 100.0), 0.5, 0.01, 0.99, [[0.25f, 0.75f], [1f, -1f]]);
}
