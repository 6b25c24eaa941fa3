using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

public class OnnxEvaluatorTests
{
    private static readonly NetSpec Net = SomeVariant.SmallNet;

    [Theory]
    [InlineData(4, 1, 1)]
    [InlineData(4, 5, 2)]     // the last of 5 batches is not full
    [InlineData(8, 7, 2)]
    [InlineData(8, 50, 2)]    // more than there are images
    public void Integer_logits_do_not_depend_on_batch_or_threads(int bits, int batch, int threads)
    {
        TrainedVariant variant = SomeVariant.Of(Net, bits);
        ImageSet images = Images(23);
        float[] expected = [.. Enumerable.Range(0, images.Count).SelectMany(i =>
        {
            float[] image = new float[Net.Input.Count];
            images.CopyAsFloat(i, image);
            return IntegerReference.Run(Net, variant, image).Logits;
        })];

        Evaluation evaluation = new OnnxEvaluator(threads).Evaluate(
            ModelExporter.Export(Net, variant, new ExportOptions(batch)), images, CancellationToken.None);

        Assert.Equal(expected, evaluation.Logits);
        Assert.Equal(evaluation.Predictions.Zip(images.Labels).Count(p => p.First == p.Second), evaluation.Correct);
    }

    [Fact]
    public void The_exact_simulation_in_float_answers_like_the_integer_model()
    {
        TrainedVariant variant = SomeVariant.Of(Net, 8);
        ImageSet images = Images(200);
        OnnxEvaluator evaluator = new();

        Evaluation simulated = evaluator.Evaluate(FloatModelExporter.Export(Net, variant, new ExportOptions(OnnxEvaluator.GoodBatch)), images, CancellationToken.None);
        Evaluation integer = evaluator.Evaluate(IntegerModelExporter.Export(Net, variant, new ExportOptions(OnnxEvaluator.GoodBatch)), images, CancellationToken.None);

        ParityCheck parity = ParityCheck.Compare(simulated, integer);
        Assert.InRange(parity.SamePredictions, 0.97, 1);
    }

    [Fact]
    public void Images_of_another_shape_are_refused()
    {
        ImageSet images = new(new TensorShape(1, 28, 28), new byte[784], [0]);

        Assert.Contains("1x28x28", Assert.Throws<ArgumentException>(() => new OnnxEvaluator().Evaluate(
            ModelExporter.Export(Net, SomeVariant.Of(Net, 8), ExportOptions.Device), images, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_stops_between_batches()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => new OnnxEvaluator().Evaluate(
            ModelExporter.Export(Net, SomeVariant.Of(Net, 8), ExportOptions.Device), Images(3), cancelled.Token));
    }

    private static ImageSet Images(int count)
    {
        Random random = new(5);
        byte[] pixels = new byte[count * Net.Input.Count], labels = new byte[count];
        random.NextBytes(pixels);
        for (int i = 0; i < count; i++)
            labels[i] = (byte)random.Next(Net.Classes);
        return new ImageSet(Net.Input, pixels, labels);
    }
}
