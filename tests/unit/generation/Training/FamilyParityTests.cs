using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Tests.Unit.Generation.Export;
using Xunit.Abstractions;
using ExportEvaluation = InstantNet.Generation.Export.Evaluation;

namespace InstantNet.Tests.Unit.Generation.Training;

/// <summary>A small network of each family, trained for a moment: what ONNX Runtime computes is what training computed.</summary>
[Collection("live tensors")]
public class FamilyParityTests(ITestOutputHelper log)
{
    private const int Classes = 4;
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Precision[] Precisions = [new(2), new(4), new(8), new(16), Precision.Full];

    [Theory]
    [InlineData("search space")]
    [InlineData("search space in groups")]
    [InlineData("mobilenet")]
    [InlineData("resnet")]
    [InlineData("resnet with max pooling")]
    public void An_engine_predicts_what_training_predicts_at_every_precision(string family)
    {
        NetSpec net = Small(family);
        using SpNetTrainer trainer = Trained(net);
        LabeledImages images = Tiny.Bars(3000, seed: 11);
        ImageSet test = new(net.Input, images.Pixels.ToArray(), images.Labels.ToArray());

        foreach (TrainedVariant variant in trainer.Export())
        {
            float[] trained = trainer.Evaluate(images, variant.Precision, Never).Logits;
            ExportEvaluation exported = new OnnxEvaluator(1).Evaluate(ModelExporter.Export(net, variant, ExportOptions.Device), test, Never);

            ParityCheck parity = ParityCheck.Compare(ExportEvaluation.Of(trained, Classes, images.Labels.Span), exported);
            log.WriteLine($"{family} at {variant.Precision}: {parity}");
            Assert.True(exported.Predictions.Distinct().Count() > 1, $"{variant.Precision}: a network of one answer proves nothing.");
            Assert.True(parity.SamePredictions >= 0.999, $"{variant.Precision}: {parity}");
        }
    }

    /// <summary>Layer by layer from the engine's own codes, so that one tie does not spread through the network.</summary>
    [Theory]
    [InlineData("search space")]
    [InlineData("search space in groups")]
    [InlineData("mobilenet")]
    [InlineData("resnet")]
    [InlineData("resnet with max pooling")]
    public void No_code_of_any_layer_is_more_than_one_apart(string family)
    {
        NetSpec net = Small(family);
        using SpNetTrainer trainer = Trained(net);
        Random random = new(12);
        foreach (TrainedVariant variant in trainer.Export().Where(v => !v.Precision.IsFloat))
        {
            using ExposedRun engine = new(net, variant);
            int total = 0, different = 0;
            for (int image = 0; image < 3; image++)
            {
                Dictionary<string, int[]> codes = Codes(engine, variant, SomeVariant.Image(net, random));
                foreach (LayerSpec layer in net.Layers.SkipLast(1))
                {
                    double[] raw = FakeQuantReference.Raw(net, variant, layer, t => FakeQuantReference.Values(codes[t], variant.Activations[t]));
                    int[] apart = [.. FakeQuantReference.Codes(raw, variant.Activations[layer.Name]).Zip(codes[layer.Name], (e, c) => Math.Abs(e - c))];
                    Assert.InRange(apart.Max(), 0, 1);
                    total += apart.Length;
                    different += apart.Count(a => a > 0);
                }
            }

            log.WriteLine($"{family} at {variant.Precision}: {different} of {total} codes one apart");
            Assert.True(different <= 0.001 * total, $"{variant.Precision}: {different} of {total} codes differ.");
        }
    }

    private static NetSpec Small(string family) => family switch
    {
        "search space" => SearchSpaceNet.Build(
            family, Tiny.Image, Classes, new SearchSpaceFrame(8, 1, [new(2, 8, 1), new(3, 12, 2)], 24),
            [new(3, 3), new(5, 1), BlockChoice.Skip, new(5, 3), BlockChoice.Skip]),
        "search space in groups" => SearchSpaceNet.Build(
            family, Tiny.Image, Classes, new SearchSpaceFrame(8, 1, [new(2, 8, 1), new(3, 12, 2)], 24),
            [new(3, 1, 2), new(5, 1, 2), new(5, 1, 2), new(3, 1, 2), BlockChoice.Skip]),
        "mobilenet" => MobileNet.Build(family, Tiny.Image, Classes, 8, 1, [new(1, 8, 1), new(6, 12, 2), new(6, 12, 1)], 24),
        "resnet" => ResNet.Build(family, Tiny.Image, Classes, ResNet.Stem.Plain, [8, 12], blocks: 1),
        _ => ResNet.Build(family, Tiny.Image, Classes, ResNet.Stem.Reducing, [8, 12], blocks: 1),
    };

    private static SpNetTrainer Trained(NetSpec net)
    {
        SpNetTrainer trainer = new(net, Tiny.Options with { Precisions = Precisions, Epochs = 16 }, TimeProvider.System);
        trainer.Train(Tiny.Bars(64), null, Never);
        return trainer;
    }

    private static Dictionary<string, int[]> Codes(ExposedRun engine, TrainedVariant variant, float[] image) => variant.Precision.IsInteger
        ? engine.Run<byte>(image).Tensors.ToDictionary(t => t.Key, t => Array.ConvertAll(t.Value, c => (int)c))
        : engine.Run<float>(image).Tensors.ToDictionary(
            t => t.Key, t => FakeQuantReference.Codes([.. t.Value.Select(v => (double)v)], variant.Activations[t.Key]));
}
