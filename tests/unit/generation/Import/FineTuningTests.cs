using InstantNet.Contracts;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Tests.Unit.Generation.Training;
using Xunit.Abstractions;

namespace InstantNet.Tests.Unit.Generation.Import;

[Collection("live tensors")]
public class FineTuningTests(ITestOutputHelper log)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public void Before_its_first_step_the_float_network_scores_as_the_imported_one_does()
    {
        ImportedNetwork imported = Imported();
        LabeledImages images = Tiny.Bars(300, seed: 21);
        float[] expected = new OnnxEvaluator().Evaluate(
            ModelExporter.Export(imported.Net, imported.Variant, ExportOptions.Device), Set(images), Never).Logits;

        using SpNetTrainer trainer = SpNetTrainer.Of(imported.Net, imported.Variant, Tiny.Options, images, TimeProvider.System);
        float[] started = trainer.Evaluate(images, Precision.Full, Never).Logits;

        float largest = expected.Max(MathF.Abs);
        log.WriteLine($"largest score {largest}, largest difference {expected.Zip(started, (e, s) => MathF.Abs(e - s)).Max()}");
        Assert.All(expected.Zip(started), p => Assert.Equal(p.First, p.Second, 1e-4 * largest));
    }

    /// <summary>What a batch makes of the network's statistics is what they are, so that the first steps do not undo what it knows.</summary>
    [Fact]
    public void Statistics_that_training_sees_are_those_that_the_start_assumed()
    {
        ImportedNetwork imported = Imported();
        LabeledImages images = Tiny.Bars(256, seed: 22);
        TrainingOptions options = Tiny.Options with { RecalibrationImages = 256 };
        using SpNetTrainer trainer = SpNetTrainer.Of(imported.Net, imported.Variant, options, images, TimeProvider.System);

        float[] inferred = trainer.Evaluate(images, Precision.Full, Never).Logits;
        trainer.Recalibrate(images, Never);
        float[] recalibrated = trainer.Evaluate(images, Precision.Full, Never).Logits;

        double deviation = Math.Sqrt(inferred.Average(v => (double)v * v)), error = Math.Sqrt(inferred.Zip(recalibrated, (a, b) => Math.Pow(a - b, 2)).Average());
        log.WriteLine($"scores of {deviation:G3}, moved by {error:G3}");
        Assert.InRange(error, 0, 0.05 * deviation);
    }

    [Fact]
    public void Low_precisions_gain_from_it()
    {
        ImportedNetwork imported = Imported();
        LabeledImages images = Tiny.Bars(400, seed: 23), test = Tiny.Bars(1000, seed: 24);
        TrainingOptions options = Tiny.Options with { Precisions = [new(2), new(3), new(8)], Epochs = 6 };

        (IReadOnlyList<TrainedVariant> variants, _) = new FineTuning(TimeProvider.System).Run(imported, Set(images), options, new Silent(), Never);
        MeasuredQuantizer untrained = new(imported.Net, imported.Variant, Set(images), Never);

        foreach (TrainedVariant variant in variants)
        {
            double before = Accuracy(untrained.Quantize(variant.Precision, Never)), after = Accuracy(variant);
            log.WriteLine($"{variant.Precision}: {before:P1} without, {after:P1} with");
            Assert.InRange(after, variant.Precision.Bits == 2 ? before + 0.05 : before - 0.02, 1);
        }

        double Accuracy(TrainedVariant variant) =>
            new OnnxEvaluator().Evaluate(ModelExporter.Export(imported.Net, variant, ExportOptions.Device), Set(test), Never).Accuracy;
    }

    [Fact]
    public void What_cannot_be_trained_is_refused_with_the_reason()
    {
        ImportedNetwork tiny = Imported(), relu6 = NetworkImporter.Import(SomeFile.MobileNetLike(), "six", null);
        CalibrationImages labelled = new(Set(Tiny.Bars(64)), true);

        Assert.Contains("--labels", Refusal(tiny, labelled with { HasLabels = false }), StringComparison.Ordinal);
        Assert.Contains("64 images or more, there are 63", Refusal(tiny, labelled with { Images = labelled.Images.Take(63) }), StringComparison.Ordinal);
        Assert.Contains("'six.onnx' cannot be fine-tuned: layer", Refusal(relu6, labelled), StringComparison.Ordinal);
        FineTuning.RefuseUnfit(tiny, labelled, "six.onnx");

        static string Refusal(ImportedNetwork network, CalibrationImages images) =>
            Assert.Throws<InvalidDataException>(() => FineTuning.RefuseUnfit(network, images, "six.onnx")).Message;
    }

    private static ImportedNetwork Imported()
    {
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Precisions = [Precision.Full] }, TimeProvider.System);
        trainer.Train(Tiny.Bars(200), null, Never);
        return NetworkImporter.Import(ModelExporter.Export(Tiny.Net, trainer.Export()[0], ExportOptions.Device), "tiny", null);
    }

    private static ImageSet Set(LabeledImages images) => new(images.Shape, images.Pixels.ToArray(), images.Labels.ToArray());

    private sealed class Silent : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
        }
    }
}
