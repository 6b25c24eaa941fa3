using System.Security.Cryptography;
using System.Text;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Import;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Packaging;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Tests.Unit.Generation.Training;
using Xunit.Abstractions;

namespace InstantNet.Tests.Unit.Generation.Import;

public sealed class ImportPipelineTests(ITestOutputHelper log) : IDisposable
{
    private const int Images = 600;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-import-");

    private RunFolder Run => new(At("run"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_trained_float_network_loses_less_than_a_point_at_8_bits_and_its_run_can_be_mapped_and_released()
    {
        LabeledImages images = Tiny.Bars(Images, seed: 9);
        Save(Trained(), new ImageSet(images.Shape, images.Pixels.ToArray(), images.Labels.ToArray()));

        RunReport report = Generate([4, 8, 12, 32], null);

        double[] accuracy = [.. report.Variants.Select(v => v.Accuracy)];
        log.WriteLine(string.Join(", ", report.Variants.Zip(report.Import!.Fidelity, (v, f) => $"{v.Bits} {v.Accuracy:P2}, as float {f.SamePredictions:P2}, off {f.LogitError:G3} of {f.LogitDeviation:G3}")));
        Assert.True(accuracy[3] > 0.9, $"the float network is at {accuracy[3]:P1}");
        Assert.InRange(accuracy[1], accuracy[3] - 0.01, 1);
        Assert.InRange(accuracy[2], accuracy[3] - 0.01, 1);
        Assert.InRange(accuracy[0], accuracy[3] - 0.1, 1);
        Assert.True(report.Import.HasLabels && report.Import.MeasuredApart);
        Assert.Equal((150, 450), (report.Dataset.Train, report.Dataset.Test));
        Assert.All(report.Variants, v => Assert.Equal(1, v.SamePredictions, 0.01));

        new MappingStage(TimeProvider.System).Run(
            Run, [DeviceClasses.Load("eyeriss-168")], new MapOptions { EvaluationsPerLayer = 50, Threads = 1 }, null, CancellationToken.None);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ReleaseBundle bundle = ReleasePackager.Package(
            Run, new ReleaseOptions(WireId.Parse("imported-1"), 1, report.Created, TimeSpan.FromDays(1), []), new ReleaseSigner(key));
        Assert.Equal([4, 8, 12, 32], bundle.Manifest.Variants.Select(v => v.Bits.Bits));
    }

    [Theory]
    [InlineData("resnet")]
    [InlineData("mobilenet")]
    [InlineData("vgg")]
    public void Without_labels_a_run_tells_how_many_answers_are_as_in_float(string name)
    {
        byte[] file = name switch { "resnet" => SomeFile.ResNetLike(), "mobilenet" => SomeFile.MobileNetLike(), _ => SomeFile.VggLike() };
        Save(file, null);

        RunReport report = Generate([4, 8, 16, 32], null);

        log.WriteLine(string.Join(", ", report.Import!.Fidelity.Select(f => $"{f.Bits} as float {f.SamePredictions:P2}, off {f.LogitError:G3} of {f.LogitDeviation:G3}")));
        Assert.False(report.Import.HasLabels);
        Assert.Equal(1, report.Variants[^1].Accuracy);
        Assert.InRange(report.Variants[1].Accuracy, 0.9, 1); // of random weights; logits of noise lie close together
        Assert.All(report.Import.Fidelity, f => Assert.InRange(f.LogitError, 0, f.LogitDeviation * (f.Bits.Bits == 4 ? 1 : 0.1)));
        Assert.All(report.Variants, v => Assert.Equal(8, v.GoldenLogits.Count));
    }

    [Fact]
    public void Features_get_a_classifier_that_loses_less_than_a_point_at_8_bits()
    {
        byte[] file = SomeFile.Headless();
        Save(file, SomeImages.Textures(NetworkImporter.Import(file, "m", null).Net.Input, 400));

        RunReport report = Generate([8, 32], null);

        log.WriteLine(string.Join(", ", report.Variants.Select(v => $"{v.Bits} {v.Accuracy:P2}")));
        Assert.Equal(4, report.Import!.FittedClasses);
        Assert.Equal((300, 100), (report.Dataset.Train, report.Dataset.Test));
        Assert.True(report.Variants[1].Accuracy > 0.9, $"the float network is at {report.Variants[1].Accuracy:P1}");
        Assert.InRange(report.Variants[0].Accuracy, report.Variants[1].Accuracy - 0.01, 1);
    }

    [Fact]
    public void Features_without_labels_are_refused()
    {
        Save(SomeFile.Headless(), null);

        Assert.Contains("needs the class of each image", Assert.Throws<InvalidDataException>(() => Generate([8], null)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run.Path));
    }

    [Fact]
    public void Images_of_which_none_can_be_spared_calibrate_and_measure()
    {
        Save(SomeFile.VggLike(), null, images: 10);

        RunReport report = Generate([8], null);

        Assert.False(report.Import!.MeasuredApart);
        Assert.Equal((10, 10), (report.Dataset.Train, report.Dataset.Test));
    }

    [Fact]
    public void The_same_file_and_images_give_the_same_models()
    {
        Save(SomeFile.MobileNetLike(), null, images: 70);

        Generate([4], null);
        byte[] first = File.ReadAllBytes(Run.Locate("model-4bit.onnx"));
        Generate([4], null);

        Assert.Equal(first, File.ReadAllBytes(Run.Locate("model-4bit.onnx")));
    }

    [Fact]
    public void A_file_that_cannot_be_imported_leaves_no_run()
    {
        Save(SomeFile.VggLike()[..5000], null, images: 10);

        Assert.Throws<InvalidDataException>(() => Generate([8], null));
        Assert.False(Directory.Exists(Run.Path));
    }

    private static byte[] Trained()
    {
        TrainingOptions options = Tiny.Options with { Precisions = [Precision.Full] };
        using SpNetTrainer trainer = new(Tiny.Net, options, TimeProvider.System);
        trainer.Train(Tiny.Bars(200), null, CancellationToken.None);
        return ModelExporter.Export(Tiny.Net, trainer.Export()[0], ExportOptions.Device);
    }

    private void Save(byte[] file, ImageSet? labelled, int images = 200)
    {
        File.WriteAllBytes(At("model.onnx"), file);
        Directory.CreateDirectory(At("images"));
        if (labelled is not null)
        {
            ImageFile.Write(Path.Combine(At("images"), "some.images"), labelled);
            return;
        }

        TensorShape shape = file.Length == 5000 ? new TensorShape(1, 12, 12) : NetworkImporter.Import(file, "m", null).Net.Input;
        byte[] header = [.. Encoding.ASCII.GetBytes($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({images}, {shape.Channels}, {shape.Height}, {shape.Width}), }}\n")];
        File.WriteAllBytes(Path.Combine(At("images"), "some.npy"), [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. SomeImages.Noise(shape, images).Pixels]);
    }

    private RunReport Generate(int[] bits, string? labels) => new ImportPipeline(TimeProvider.System, new CalibrationFolder(CalibrationFolder.Formats)).Run(
        new ImportOptions(At("model.onnx"), At("images"), labels, [.. bits.Select(b => new Precision(b))], null), Run, new Silent(), CancellationToken.None);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private sealed class Silent : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
        }
    }
}
