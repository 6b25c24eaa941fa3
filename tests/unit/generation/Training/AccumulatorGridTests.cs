using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using ExportEvaluation = InstantNet.Generation.Export.Evaluation;

namespace InstantNet.Tests.Unit.Generation.Training;

[Collection("live tensors")]
public class AccumulatorGridTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public void What_the_engine_computes_in_integers_is_what_training_computed_to_the_last_prediction()
    {
        LabeledImages images = Tiny.Bars(256, seed: 9);
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Epochs = 3 }, TimeProvider.System);
        trainer.Train(Tiny.Bars(64), null, Never);
        ImageSet test = new(Tiny.Image, images.Pixels.ToArray(), images.Labels.ToArray());

        foreach (TrainedVariant variant in trainer.Export().Where(v => v.Precision.IsInteger))
        {
            float[] trained = trainer.Evaluate(images, variant.Precision, Never).Logits;
            ExportEvaluation exported = new OnnxEvaluator(1).Evaluate(ModelExporter.Export(Tiny.Net, variant, ExportOptions.Device), test, Never);

            ParityCheck parity = ParityCheck.Compare(ExportEvaluation.Of(trained, 4, images.Labels.Span), exported);
            Assert.True(parity.SamePredictions >= 0.99, $"{variant.Precision}: {parity}");
            Assert.Equal(trained.Length, exported.Logits.Length);
            Assert.True(NearlyAll(trained, exported.Logits) >= 0.98, $"{variant.Precision}: logits differ in more than a fiftieth of the places");
        }
    }

    [Fact]
    public void Moves_no_shift_by_more_than_half_a_step()
    {
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Epochs = 1 }, TimeProvider.System);
        trainer.Train(Tiny.Bars(64), null, Never);
        float[] once = Shifts(trainer);

        AccumulatorGrid.Snap(trainer.Net);

        // Already on the steps: a second time changes nothing but the last place of a float.
        Assert.All(Shifts(trainer).Zip(once), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    private static float[] Shifts(SpNetTrainer trainer) => [.. trainer.Export()[0].Convolutions.Values.SelectMany(c => c.Beta)];

    private static double NearlyAll(float[] a, float[] b) => a.Zip(b).Count(p => Math.Abs(p.First - p.Second) < 1e-3f) / (double)a.Length;
}
