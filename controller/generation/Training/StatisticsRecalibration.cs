using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Generation.Training;

/// <summary>
/// Replaces every batch norm's running statistics by the mean over a set of images, with the weights as they are now; a quantiser's running ranges
/// see the same images.
/// </summary>
/// <remarks>
/// During training they trail behind weights that move. Source: Yu and Huang, Universally Slimmable Networks, ICCV 2019, section 3.3.
/// With two or three bits the statistics come from one batch. Many values of a channel are equal there (all of a dark background), and where they lie beside a
/// rounding threshold one batch puts them on this side and the next on the other, with everything that follows; means over such batches fit neither.
/// </remarks>
internal static class StatisticsRecalibration
{
    // Large enough for steady statistics, small enough for the cache.
    private const int BatchSize = 200;

    private const int MostBitsOfOneBatch = 3;
    private const long MostValuesOfOneBatch = 1 << 28; // of all layers together, 1 GiB; the images of a batch are never fewer for it

    public static void Run(SwitchableNet net, LabeledImages images, WorkerCrew crew, CancellationToken cancellationToken)
    {
        int batches = (images.Count + BatchSize - 1) / BatchSize;
        int workers = Math.Min(crew.Workers, batches);
        Precision[] averaged = [.. net.Precisions.Where(p => p.Bits > MostBitsOfOneBatch)], atOnce = [.. net.Precisions.Except(averaged)];
        SwitchableNet[] replicas = [.. Enumerable.Range(0, workers).Select(_ => net.Replicate())];
        try
        {
            crew.Run(worker =>
            {
                if (worker >= workers)
                    return;
                using IDisposable off = no_grad();
                for (int batch = worker, seen = 0; batch < batches; batch += workers, seen++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    Observe(replicas[worker], averaged, images, batch, seen);
                }
            });
            foreach (ConvSpec layer in net.Spec.Layers.OfType<ConvSpec>())
            {
                foreach (Precision precision in averaged)
                {
                    Merge(net.NormOf(layer)[precision], [.. replicas.Select(r => r.NormOf(layer)[precision])], batches);
                }
            }

            foreach (LayerSpec layer in net.Spec.Layers)
            {
                ILayerQuantizer[] parts = [.. replicas.Select(r => r.QuantizerOf(layer))];
                net.QuantizerOf(layer).Adopt(parts);
            }

            ObserveAtOnce(net, atOnce, images, cancellationToken);
        }
        finally
        {
            foreach (SwitchableNet replica in replicas)
            {
                replica.Dispose();
            }
        }
    }

    private static void ObserveAtOnce(SwitchableNet net, IEnumerable<Precision> precisions, LabeledImages images, CancellationToken cancellationToken)
    {
        using IDisposable off = no_grad();
        long valuesOfImage = net.Spec.Layers.Sum(l => (long)net.Spec.ShapeOf(l.Name).Count);
        int count = (int)Math.Min(images.Count, Math.Max(BatchSize, MostValuesOfOneBatch / valuesOfImage));
        foreach (Precision precision in precisions)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            net.SetStatisticsMomentum(precision, 1);
            net.Forward(ImageBatch.Of(images.Slice(0, count)).Images, precision, ForwardMode.Training);
        }
    }

    private static void Observe(SwitchableNet replica, IEnumerable<Precision> precisions, LabeledImages images, int batch, int seen)
    {
        using DisposeScope scope = NewDisposeScope();
        int start = batch * BatchSize;
        Tensor some = ImageBatch.Of(images.Slice(start, Math.Min(BatchSize, images.Count - start))).Images;
        foreach (Precision precision in precisions)
        {
            using DisposeScope pass = NewDisposeScope();
            replica.SetStatisticsMomentum(precision, 1.0 / (seen + 1)); // running statistics become the plain mean
            replica.Forward(some, precision, ForwardMode.Training);
        }
    }

    // Worker w saw every workers-th batch from w on.
    private static void Merge(BatchNorm norm, BatchNorm[] parts, int batches)
    {
        norm.RunningMean.Elements<float>().Clear();
        norm.RunningVariance.Elements<float>().Clear();
        for (int worker = 0; worker < parts.Length; worker++)
        {
            float share = (float)((batches - worker + parts.Length - 1) / parts.Length) / batches;
            Add(parts[worker].RunningMean.Elements<float>(), share, norm.RunningMean.Elements<float>());
            Add(parts[worker].RunningVariance.Elements<float>(), share, norm.RunningVariance.Elements<float>());
        }
    }

    private static void Add(ReadOnlySpan<float> values, float share, Span<float> total)
    {
        for (int i = 0; i < total.Length; i++)
        {
            total[i] += share * values[i];
        }
    }
}
