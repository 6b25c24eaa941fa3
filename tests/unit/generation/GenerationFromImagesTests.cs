using System.Security.Cryptography;
using System.Text.Json;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Packaging;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Tests.Unit.Agent.Inference;
using InstantNet.Tests.Unit.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation;

// Not in parallel with others: trains, and others count the tensors of the process.
[Collection("live tensors")]
public sealed class GenerationFromImagesTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Colour_images_go_from_their_files_through_training_and_export_to_an_agents_frames()
    {
        using CifarFolder cifar = CifarFolder.Ten(perFile: 40);
        RunFolder run = new(_folder.At("run"));
        TrainingOptions training = new() { Precisions = [new Precision(4), Precision.Full], Epochs = 12, BatchSize = 20, RecalibrationImages = 100 };
        GenerationOptions options = new("mobilenet-small", training, 0, new DatasetOptions("cifar10", "/no/cache") { Folder = cifar.Root });

        RunReport report = new GenerationPipeline(TimeProvider.System).Run(options, run, new Silent(), CancellationToken.None);

        Assert.Equal(
            ("cifar10", 200, 40, new TensorShape(3, 32, 32), SplitOrigin.Files, "crop=4,flip"),
            (report.Dataset.Name, report.Dataset.Train, report.Dataset.Test, report.Dataset.Input, report.Dataset.Split, report.Dataset.Augmentation));
        Assert.Equal("class0 class9", $"{report.Dataset.Labels[0]} {report.Dataset.Labels[9]}");
        Assert.All(report.Variants, v => Assert.Equal((v.TrainedAccuracy, 1.0), (v.Accuracy, v.SamePredictions)));
        Assert.All(report.Variants, v => Assert.InRange(v.Accuracy, 0.4, 1)); // by chance 0.1
        Assert.All(report.Variants, v => Assert.All(v.GoldenLogits, l => Assert.Equal(10, l.Length)));
        Assert.Equal(8 * 3 * 32 * 32, new FileInfo(run.GoldenFrames).Length);
        ImageFileFrames frames = ImageFileFrames.Open(run.TestImages);
        Assert.Equal(new FrameShape(3, 32, 32), frames.Shape);
        Assert.Equal(File.ReadAllBytes(run.GoldenFrames).AsSpan(0, frames.Shape.Bytes), frames.Next().Pixels);
        using ReleaseRuntime onDevice = Load(run, frames.Shape); // refuses what answers the golden frames otherwise
        Assert.Equal(training.Precisions, onDevice.Variants.Select(v => v.Bits));
    }

    [Fact]
    public void The_report_tells_the_changes_that_the_options_asked_for_and_the_images_that_they_left()
    {
        for (int i = 0; i < 8; i++)
        {
            _folder.Write($"data/train/dark/{i}.png", SomePng.OfGrey(16, 16, (x, y) => (byte)(x + y + i)));
            _folder.Write($"data/train/bright/{i}.png", SomePng.OfGrey(16, 16, (x, y) => (byte)(255 - x - y - i)));
        }

        GenerationOptions options = new(
            "mobilenet-small", new TrainingOptions { Precisions = [Precision.Full], Epochs = 1, BatchSize = 4 }, TrainImages: 10,
            new DatasetOptions("folder", "/no/cache") { Folder = _folder.At("data"), Format = new ImageFormat(16, 1) }) { Augmentation = default(Augmentation) };

        RunReport report = new GenerationPipeline(TimeProvider.System).Run(options, new RunFolder(_folder.At("run")), new Silent(), CancellationToken.None);

        Assert.Equal(
            ("folder", 10, 2, new TensorShape(1, 16, 16), SplitOrigin.Stratified, "none"),
            (report.Dataset.Name, report.Dataset.Train, report.Dataset.Test, report.Dataset.Input, report.Dataset.Split, report.Dataset.Augmentation));
        Assert.Equal(["bright", "dark"], report.Dataset.Labels);
        string json = File.ReadAllText(_folder.At("run", "run.json"));
        Assert.Contains("\"split\": \"stratified\"", json, StringComparison.Ordinal);
        Assert.Equal(JsonSerializer.Serialize(report, RunJson.Default.RunReport), JsonSerializer.Serialize(new RunFolder(_folder.At("run")).ReadReport(), RunJson.Default.RunReport));
    }

    [Fact]
    public void An_unknown_data_set_or_a_crop_too_far_leaves_no_folder()
    {
        using CifarFolder cifar = CifarFolder.Ten(perFile: 1);

        MustRefuse("imagenet", null, "no data set 'imagenet'");
        MustRefuse("cifar10", new Augmentation(17, false), "up to 16");
        Assert.False(Directory.Exists(_folder.At("run")));

        void MustRefuse(string name, Augmentation? augmentation, string how)
        {
            GenerationOptions options = new("mobilenet-small", new TrainingOptions(), 0, new DatasetOptions(name, "/no/cache") { Folder = cifar.Root }) { Augmentation = augmentation };
            Assert.Contains(how, Assert.Throws<ArgumentException>(() => new GenerationPipeline(TimeProvider.System).Run(
                options, new RunFolder(_folder.At("run")), new Silent(), CancellationToken.None)).Message, StringComparison.Ordinal);
        }
    }

    private ReleaseRuntime Load(RunFolder run, FrameShape shape)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        WireId device = WireId.Parse("cpu-measured");
        ReleaseOptions options = new(WireId.Parse("colour"), 1, DateTimeOffset.UnixEpoch, TimeSpan.FromDays(1), [device]);
        ReleaseBundle bundle = ReleasePackager.Package(run, options, new ReleaseSigner(key));
        using ReleaseLoader loader = new(
            shape, new EnergyMeters(device, new MeterSources(new SysfsRoot("/nowhere"), TimeProvider.System)),
            new OptimizedModels(_folder.At("optimized")), new FreeMemory("/nowhere"));
        return loader.Load(TinyRelease.Trust(bundle.Manifest), blob => bundle.Files[blob.Sha256], CancellationToken.None);
    }

    private sealed class Silent : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
        }
    }
}
