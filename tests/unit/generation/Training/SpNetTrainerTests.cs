using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

// Not in parallel with others: counts the tensors of the process.
[Collection("live tensors")]
public class SpNetTrainerTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public void A_tiny_net_learns_64_images_by_heart_at_every_precision()
    {
        LabeledImages images = Tiny.Bars(64);
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options, TimeProvider.System);

        trainer.Train(images, null, Never);

        Assert.All(Tiny.Precisions, p => Assert.InRange(trainer.Evaluate(images, p, Never).Accuracy, p.Bits == 2 ? 0.8 : 0.95, 1));
    }

    [Fact]
    public void The_same_seed_gives_the_same_network_and_another_seed_another()
    {
        float[] first = Train(seed: 5), second = Train(seed: 5), other = Train(seed: 6);

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        static float[] Train(int seed)
        {
            using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Epochs = 1, Seed = seed, Augmentation = new(2, true) }, TimeProvider.System);
            trainer.Train(Tiny.Bars(64), null, Never);
            TrainedVariant lowest = trainer.Export()[0];
            return [.. lowest.Convolutions.Values.SelectMany(c => c.Weights.Concat(c.Mean)), .. lowest.Activations.Values.Select(a => a.Scale)];
        }
    }

    [LiveTensorsFact]
    public void A_step_leaves_no_tensor_behind()
    {
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Epochs = 1 }, TimeProvider.System);
        GC.Collect();
        GC.WaitForPendingFinalizers(); // what other tests dropped
        long before = Tensor.TotalCount;

        trainer.Train(Tiny.Bars(64), null, Never);
        trainer.Evaluate(Tiny.Bars(64), new Precision(4), Never);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Divergence_stops_the_run_and_names_the_step_and_what_is_lost()
    {
        using SpNetTrainer trainer = new(
            Tiny.Net, Tiny.Options with { LearningRate = new(Peak: 1e12, WarmUp: 0), GradientNorm = 1e12 }, TimeProvider.System);

        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() => trainer.Train(Tiny.Bars(64), null, Never));

        Assert.Matches(@"(the \d+-bit loss|the gradient|what \d+-bit clips are fitted to) is not finite at step \d+, .*; it began with ", e.Message);
    }

    [Fact]
    public void Progress_counts_to_the_last_step()
    {
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Epochs = 1.5 }, TimeProvider.System);
        List<TrainingProgress> reports = [];

        trainer.Train(Tiny.Bars(64), new Collect(reports), Never);

        TrainingProgress last = reports[^1];
        Assert.Equal((6, 6, 1.5), (last.Step, last.Steps, last.Epoch));
        Assert.Equal(Tiny.Precisions, last.Accuracy.Keys.Order());
        Assert.Equal(TimeSpan.Zero, last.Remaining);
        Assert.True(last.ImagesPerSecond > 0 && double.IsFinite(last.Loss));
    }

    [Fact]
    public void A_cancelled_run_stops_before_its_next_step()
    {
        using CancellationTokenSource stop = new();
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Epochs = 1e6 }, TimeProvider.System);

        Assert.Throws<OperationCanceledException>(() => trainer.Train(Tiny.Bars(64), new CancelAtOnce(stop), stop.Token));
    }

    [Fact]
    public void Recalibrated_statistics_are_those_of_the_images()
    {
        LabeledImages images = Tiny.Bars(64);
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options with { Precisions = [Precision.Full] }, TimeProvider.System);

        trainer.Recalibrate(images, Never);

        TrainedConvolution stem = trainer.Export()[0].Convolutions["stem"];
        ConvSpec spec = (ConvSpec)Tiny.Net.Layers[0];
        double sum = 0;
        TensorShape made = Tiny.Net.ShapeOf("stem");
        for (int n = 0; n < images.Count; n++)
        {
            for (int y = 0; y < made.Height; y++)
            {
                for (int x = 0; x < made.Width; x++)
                {
                    for (int k = 0; k < 9; k++)
                    {
                        int row = y * spec.Stride + k / 3 - 1, column = x * spec.Stride + k % 3 - 1;
                        if (row >= 0 && column >= 0 && row < Tiny.Image.Height && column < Tiny.Image.Width)
                            sum += stem.Weights[k] * images.Image(n)[row * Tiny.Image.Width + column] / 255.0;
                    }
                }
            }
        }

        Assert.Equal(sum / (images.Count * made.Pixels), stem.Mean[0], 1e-4);
    }

    [Fact]
    public void Export_carries_a_quantizer_for_every_tensor_and_none_in_float()
    {
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options, TimeProvider.System);

        IReadOnlyList<TrainedVariant> variants = trainer.Export();

        Assert.Equal(Tiny.Precisions, variants.Select(v => v.Precision));
        Assert.Empty(variants[^1].Activations);
        foreach (TrainedVariant variant in variants.SkipLast(1))
        {
            Assert.Equal([NetSpec.InputName, .. Tiny.Net.Layers.SkipLast(1).Select(l => l.Name)], variant.Activations.Keys);
            Assert.Equal(new ActivationQuantizer(1f / 255, 0, 8), variant.Activations[NetSpec.InputName]);
            Assert.All(variant.Activations, a => Assert.Equal(
                BitPlan.IsSigned(Tiny.Net, a.Key) ? 1 << (a.Value.Bits - 1) : 0, a.Value.ZeroPoint));
        }
    }

    [Fact]
    public void Images_and_options_that_do_not_fit_are_refused_with_a_sentence()
    {
        using SpNetTrainer trainer = new(Tiny.Net, Tiny.Options, TimeProvider.System);
        LabeledImages wide = new(new byte[2 * 100], new byte[2], new TensorShape(1, 10, 10));
        LabeledImages unknown = new(new byte[Tiny.Image.Count], new byte[] { 9 }, Tiny.Image);

        Assert.Contains("1x12x12", Assert.Throws<ArgumentException>(() => trainer.Train(wide, null, Never)).Message, StringComparison.Ordinal);
        Assert.Contains("Class 9", Assert.Throws<ArgumentException>(() => trainer.Train(unknown, null, Never)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LabeledImages(new byte[10], new byte[1], Tiny.Image));
        Assert.Throws<ArgumentException>(() => new SpNetTrainer(Tiny.Net, Tiny.Options with { BatchSize = 3 }, TimeProvider.System));
    }

    private sealed class Collect(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }

    private sealed class CancelAtOnce(CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => stop.Cancel();
    }
}
