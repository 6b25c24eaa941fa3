using InstantNet.Bench.Train;
using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Tests.Unit.Generation.Training;

namespace InstantNet.Tests.Unit.Bench.Train;

[Collection("live tensors")]
public class TrainBenchTests
{
    public static TheoryData<NetSpec> Nets =>
    [
        Tiny.Net,
        ResNet.Build("resnet", Tiny.Image, 4, ResNet.Stem.Reducing, [8, 12], blocks: 1),
    ];

    private static TrainingOptions Options => TrainBench.Comparable(Tiny.Options) with { Shards = 1, Epochs = 10 };

    [Theory]
    [MemberData(nameof(Nets))]
    public void Both_paths_compute_the_same_loss_and_learn_the_same_from_it(NetSpec net)
    {
        LabeledImages images = Tiny.Bars(32);
        using ProductPath product = new(net, Options, images);
        using ComposedPath composed = new(net, Options, images);

        Assert.Equal(composed.Step(), product.Step(), 1e-4);

        // From here on a value at a rounding's tie may fall to either side, and what follows feels it.
        for (int step = 0; step < 5; step++)
        {
            double expected = composed.Step();
            Assert.Equal(expected, product.Step(), 0.02 * expected);
        }
    }

    [Fact]
    public void A_result_says_rates_memory_and_where_the_time_goes()
    {
        TrainResult result = new TrainBench(Tiny.Net, Options, TimeProvider.System).Run(TimeSpan.Zero, steps: 3, CancellationToken.None);

        Assert.All([result.Product, result.Composed], path =>
        {
            Assert.Equal(1, path.Steps);
            Assert.True(path.ImagesPerSecond > 0 && double.IsFinite(path.FirstLoss));
            Assert.All([path.Phases.Convolution, path.Phases.Activation, path.Phases.Loss, path.Phases.Optimizer], ms => Assert.True(ms > 0));
        });
        Assert.Equal(result.Product.ImagesPerSecond / result.Composed.ImagesPerSecond, result.Ratio);
        Assert.Equal([.. Tiny.Precisions.Select(p => p.Bits)], result.Bits);
    }
}
