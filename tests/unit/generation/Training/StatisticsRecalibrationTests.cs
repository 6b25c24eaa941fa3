using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

[Collection("live tensors")]
public class StatisticsRecalibrationTests
{
    private static readonly Precision[] Precisions = [new(2), new(4)];

    [Fact]
    public void At_2_bits_the_network_answers_its_calibration_images_as_by_their_own_statistics()
    {
        using DisposeScope scope = NewDisposeScope();
        using SwitchableNet net = new(Tiny.Net, Precisions, new Random(3));
        using WorkerCrew crew = new(2);
        LabeledImages images = Tiny.Bars(500);

        StatisticsRecalibration.Run(net, images, crew, CancellationToken.None);

        Tensor batch = ImageBatch.Of(images).Images;
        float[] kept = Scores(net, ForwardMode.Inference, Precisions[0]);
        using SwitchableNet other = net.Replicate();
        float[] own = Scores(other, ForwardMode.Training, Precisions[0]);
        // Running variances divide by one less than the batch's; a code on the edge may differ.
        Assert.InRange(kept.Zip(own).Count(p => Math.Abs(p.First - p.Second) > 0.02 * own.Max(Math.Abs)), 0, own.Length / 50);
        Assert.True(own.Distinct().Count() > 20);

        float[] Scores(SwitchableNet from, ForwardMode mode, Precision precision)
        {
            using IDisposable off = no_grad();
            return from.Forward(batch, precision, mode).Elements<float>().ToArray();
        }
    }

    [Fact]
    public void At_4_bits_statistics_are_means_over_all_batches()
    {
        using DisposeScope scope = NewDisposeScope();
        using SwitchableNet net = new(Tiny.Net, Precisions, new Random(3)), halves = net.Replicate();
        using WorkerCrew crew = new(1);
        LabeledImages images = Tiny.Bars(400);

        StatisticsRecalibration.Run(net, images, crew, CancellationToken.None);

        // Two batches of 200 by hand.
        using IDisposable off = no_grad();
        for (int half = 0; half < 2; half++)
        {
            halves.SetStatisticsMomentum(Precisions[1], 1.0 / (half + 1));
            halves.Forward(ImageBatch.Of(images.Slice(200 * half, 200)).Images, Precisions[1], ForwardMode.Training);
        }

        foreach (ConvSpec layer in Tiny.Net.Layers.OfType<ConvSpec>())
        {
            float[] expected = halves.NormOf(layer)[Precisions[1]].RunningMean.Elements<float>().ToArray();
            float[] mean = net.NormOf(layer)[Precisions[1]].RunningMean.Elements<float>().ToArray();
            Assert.All(expected.Zip(mean), p => Assert.Equal(p.First, p.Second, 1e-4f));
        }
    }
}
