using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>Fills a network with weights that learned elsewhere, their batch norms folded away, so that it computes what they compute and can learn on.</summary>
/// <remarks>
/// A batch norm is put back around each convolution: statistics that the convolution's sums really have on some images, and a scale and a shift that
/// undo them. So it changes nothing in inference, and next to nothing in training, where it has the statistics of a batch.
/// </remarks>
internal static class FloatStart
{
    // Statistics of one pass: enough of them, and not more than fit beside a network.
    private const int Images = 256;

    /// <param name="net">Of 32 bits among others; changed in place.</param>
    /// <param name="plain">Weights, biases as shifts, and batch norms that do nothing else.</param>
    /// <param name="images">Training images in any order.</param>
    public static void Fill(SwitchableNet net, TrainedVariant plain, LabeledImages images)
    {
        using IDisposable off = no_grad();
        plain.Classifier.Weights.CopyTo(net.WeightsOf(net.Spec.Layers[^1]).Elements<float>());
        plain.Classifier.Bias.CopyTo(net.Bias.Elements<float>());
        ConvSpec[] layers = [.. net.Spec.Layers.OfType<ConvSpec>()];
        foreach (ConvSpec layer in layers)
        {
            plain.Convolutions[layer.Name].Weights.CopyTo(net.WeightsOf(layer).Elements<float>());
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor some = ImageBatch.Of(images.Spread(Images)).Images;
        double momentum = net.NormOf(layers[0])[Precision.Full].Momentum;
        net.SetStatisticsMomentum(Precision.Full, 1);
        foreach (ConvSpec layer in layers)
        {
            // Every layer before this one already computes what it should, so this one's statistics are those of the float network.
            using DisposeScope pass = NewDisposeScope();
            net.Forward(some, Precision.Full, ForwardMode.Training);
            Undo(net.NormOf(layer)[Precision.Full], plain.Convolutions[layer.Name].Beta);
        }

        net.SetStatisticsMomentum(Precision.Full, momentum);
    }

    private static void Undo(BatchNorm norm, float[] shifts)
    {
        Span<float> gamma = norm.Weight.Elements<float>(), beta = norm.Bias.Elements<float>(), mean = norm.RunningMean.Elements<float>(), variance = norm.RunningVariance.Elements<float>();
        for (int c = 0; c < gamma.Length; c++)
        {
            gamma[c] = (float)Math.Sqrt((double)variance[c] + norm.Epsilon);
            beta[c] = mean[c] + shifts[c];
        }
    }
}
