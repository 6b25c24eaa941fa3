using InstantNet.Contracts;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Tests.Unit.Generation.Export;

namespace InstantNet.Tests.System.Fleet;

/// <summary>A run folder with a network that was never trained: real files for tests that are about everything after training.</summary>
internal static class TinyRun
{
    private const int GoldenFrames = 4, Images = 64;
    private static readonly TensorShape Shape = new(1, 28, 28);
    private static readonly string[] Labels = [.. Enumerable.Range(0, 10).Select(i => $"class-{i}")];

    /// <summary>Fills a folder. Different seeds give different models.</summary>
    public static RunFolder Make(string path, int seed)
    {
        RunFolder folder = new(path);
        NetSpec net = NetCatalog.Build("mobilenet-small", Shape, Labels.Length);
        Random random = new(seed);
        byte[] pixels = new byte[Images * Shape.Count];
        random.NextBytes(pixels);
        ImageSet images = new(Shape, pixels, [.. Enumerable.Range(0, Images).Select(i => (byte)(i % Labels.Length))]);
        folder.Write(Path.GetFileName(folder.GoldenFrames), images.Take(GoldenFrames).Pixels);
        ImageFile.Write(folder.TestImages, images);

        List<VariantReport> variants = [];
        foreach (int bits in (int[])[4, 8, 32])
        {
            byte[] model = ModelExporter.Export(net, SomeVariant.Of(net, bits, seed), ExportOptions.Device);
            string name = RunFolder.ModelName(new Precision(bits));
            folder.Write(name, model);
            Evaluation golden = new OnnxEvaluator(1).Evaluate(model, images.Take(GoldenFrames), CancellationToken.None);
            // Accuracy rises with bits, so that no variant dominates another: nothing here is about accuracy.
            variants.Add(new VariantReport(new Precision(bits), name, model.Length, 0.5 + bits / 100.0, 0.5 + bits / 100.0, 0, 1, [.. golden.Logits.Chunk(Labels.Length)]));
        }

        folder.Write(new RunReport(
            RunReport.FormatVersion, TimeProvider.System.GetUtcNow(), seed, net.Name, net.MultiplyAccumulates,
            new DatasetReport("noise", 0, Images, Shape, Labels), new TrainingReport("none", 0, 0, 0, 0), variants));
        new MappingStage(TimeProvider.System).Run(
            folder, [DeviceClasses.Load("eyeriss-168")], new MapOptions { EvaluationsPerLayer = 500 }, null, CancellationToken.None);
        return folder;
    }
}
