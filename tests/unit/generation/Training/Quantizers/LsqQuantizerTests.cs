using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using ExportEvaluation = InstantNet.Generation.Export.Evaluation;

namespace InstantNet.Tests.Unit.Generation.Training.Quantizers;

[Collection("live tensors")]
public class LsqQuantizerTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly ConvSpec Layer = (ConvSpec)Tiny.Net.Layers.First(l => l is ConvSpec { Edge: false, Relu: true });

    [Theory]
    [InlineData(2, new[] { -1, 0, 1 })]
    [InlineData(3, new[] { -3, -2, -1, 0, 1, 2, 3 })]
    public void Weights_take_the_codes_of_a_symmetric_grid(int bits, int[] codes)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(3);
        Precision precision = new(bits);
        using ILayerQuantizer quantizer = new LsqQuantizer().ForLayer(Tiny.Net, Layer, [precision]);

        Tensor rounded = quantizer.Weights(randn(16, 8, 1, 1), precision, ForwardMode.FittingClips);

        float step = quantizer.Grids(precision).WeightStep!.Value;
        Assert.Equal(codes, rounded.Elements<float>().ToArray().Select(w => (int)MathF.Round(w / step)).Distinct().Order());
    }

    [Fact]
    public void Gradients_of_steps_are_scaled_by_the_root_of_values_and_codes()
    {
        using DisposeScope scope = NewDisposeScope();
        Precision precision = new(3);
        using ILayerQuantizer quantizer = new LsqQuantizer().ForLayer(Tiny.Net, Layer, [precision]);
        Tensor[] steps = [.. quantizer.Parameters];
        Assert.Equal([1f / 3, 1f / 7], steps.Select(s => s.ToSingle()));

        // All four weights lie above the end of the grid, code 3; their gradient sums to 4·3.
        quantizer.Weights(full([4, 1, 1, 1], 9), precision, ForwardMode.Training).sum().backward();
        // Likewise two activations above code 7.
        quantizer.Round(full([1, 2], 9), null, precision, ForwardMode.Training).sum().backward();

        Assert.Equal(12 / Math.Sqrt(4 * 3), steps[0].Gradient()!.ToSingle(), 1e-5);
        Assert.Equal(14 / Math.Sqrt(Tiny.Net.ShapeOf(Layer.Name).Count * 7.0), steps[1].Gradient()!.ToSingle(), 1e-5);
    }

    [Fact]
    public void Every_precision_learns_and_what_is_exported_is_what_was_trained()
    {
        LabeledImages images = Tiny.Bars(256, seed: 9);
        ImageSet test = new(Tiny.Image, images.Pixels.ToArray(), images.Labels.ToArray());
        TrainingOptions options = Tiny.Options with { Quantizer = new LsqQuantizer(), Precisions = [new(2), new(4), new(8), new(12), new(20), new(28), Precision.Full] };
        using SpNetTrainer trainer = new(Tiny.Net, options, TimeProvider.System);

        trainer.Train(Tiny.Bars(64), null, Never);

        foreach (TrainedVariant variant in trainer.Export())
        {
            InstantNet.Generation.Training.Evaluation trained = trainer.Evaluate(images, variant.Precision, Never);
            ExportEvaluation exported = new OnnxEvaluator(1).Evaluate(ModelExporter.Export(Tiny.Net, variant, ExportOptions.Device), test, Never);
            ParityCheck parity = ParityCheck.Compare(ExportEvaluation.Of(trained.Logits, 4, images.Labels.Span), exported);
            Assert.True(parity.SamePredictions >= 0.99, $"{variant.Precision}: {parity}");
            Assert.InRange(trainer.Evaluate(Tiny.Bars(64), variant.Precision, Never).Accuracy, variant.Precision.Bits == 2 ? 0.8 : 0.9, 1);
        }
    }
}
