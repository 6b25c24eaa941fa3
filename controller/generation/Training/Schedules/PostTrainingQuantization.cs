using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Generation.Training.Schedules;

/// <summary>Gives a network that learned in float the grids of other bit-widths, without learning.</summary>
/// <remarks>Clips have the least squared error on some training images; batch norm statistics are the caller's to recalibrate.</remarks>
internal static class PostTrainingQuantization
{
    // As a clip rises at once and falls slowly, some batches show it the large values that one would miss.
    private const int Batches = 16;
    private const int BatchSize = 64;

    /// <param name="trained">Has 32 bits among its precisions; left as it is.</param>
    /// <param name="precisions">Of the new network, ascending.</param>
    /// <param name="quantizer">Of the new network.</param>
    /// <param name="images">Training images in random order; the first thousand count.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    /// <returns>A network with weights of its own; the caller disposes it.</returns>
    public static SwitchableNet Quantize(
        SwitchableNet trained, IReadOnlyList<Precision> precisions, IQuantizer quantizer, LabeledImages images, CancellationToken cancellationToken)
    {
        SwitchableNet net = new(trained.Spec, precisions, new Random(0), quantizer);
        using IDisposable off = no_grad();
        foreach (LayerSpec layer in net.Spec.Layers.Where(l => l is ConvSpec or LinearSpec))
        {
            net.WeightsOf(layer).copy_(trained.WeightsOf(layer));
        }

        net.Bias.copy_(trained.Bias);
        foreach (ConvSpec layer in net.Spec.Layers.OfType<ConvSpec>())
        {
            foreach (Precision precision in precisions)
            {
                Copy(trained.NormOf(layer)[Precision.Full], net.NormOf(layer)[precision]);
            }
        }

        foreach (Precision precision in precisions.Where(p => !BitPlan.IsFloat(p)))
        {
            for (int start = 0; start < Math.Min(images.Count, Batches * BatchSize); start += BatchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using DisposeScope scope = NewDisposeScope();
                LabeledImages some = images.Slice(start, Math.Min(BatchSize, images.Count - start));
                net.Forward(ImageBatch.Of(some).Images, precision, ForwardMode.FittingClips);
            }
        }

        return net;
    }

    private static void Copy(BatchNorm from, BatchNorm to)
    {
        to.Weight.copy_(from.Weight);
        to.Bias.copy_(from.Bias);
        to.RunningMean.copy_(from.RunningMean);
        to.RunningVariance.copy_(from.RunningVariance);
    }
}
