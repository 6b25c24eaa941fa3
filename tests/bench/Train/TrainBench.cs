using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Bench.Train;

/// <summary>Trains one network both ways, step by step in turn, so that a busy neighbour slows both alike.</summary>
/// <param name="net">Network.</param>
/// <param name="options">How both train.</param>
/// <param name="time">Clock.</param>
internal sealed class TrainBench(NetSpec net, TrainingOptions options, TimeProvider time)
{
    /// <summary>How both paths train: every loss counts from the first step, clips are fitted once, then learned, and nothing is changed in images.</summary>
    public static TrainingOptions Comparable(TrainingOptions options) => options with { ClipTracking = 0, BetaWarmUp = 0, Augmentation = default };

    /// <param name="span">Time of all measured steps together; at least one of each path is measured.</param>
    /// <param name="steps">Steps of each path at most.</param>
    /// <param name="cancellation">Looked at between steps.</param>
    public TrainResult Run(TimeSpan span, int steps, CancellationToken cancellation)
    {
        set_num_threads(Environment.ProcessorCount);
        LabeledImages images = Noise();
        // The composed path first: the memory that the product recycles would hide its peak.
        ResidentMemory memory = new();
        using ComposedPath composed = new(net, options, images);
        Measured plain = WarmUp(composed, memory);
        cancellation.ThrowIfCancellationRequested();
        memory = new ResidentMemory();
        using ProductPath product = new(net, options, images);
        Measured fast = WarmUp(product, memory);
        cancellation.ThrowIfCancellationRequested();
        long began = time.GetTimestamp();
        for (int step = 0; step < steps && (step == 0 || time.GetElapsedTime(began) < span); step++)
        {
            cancellation.ThrowIfCancellationRequested();
            plain.Add(Time(composed));
            fast.Add(Time(product));
        }

        PathResult slow = plain.Result(options.BatchSize, Profile(composed)), quick = fast.Result(options.BatchSize, Profile(product));
        return new TrainResult(
            1, Machine.This(), net.Name, net.MultiplyAccumulates, [.. options.Precisions.Select(p => p.Bits)], options.BatchSize, options.Shards,
            net.Input.Height, quick, slow, quick.ImagesPerSecond / slow.ImagesPerSecond);
    }

    /// <summary>The step that compiles and fetches memory, at whose end nearly all that a path ever holds is there.</summary>
    private static Measured WarmUp(ITrainingPath path, ResidentMemory memory)
    {
        double loss = path.Step();
        return new Measured(memory.PeakBytes, loss);
    }

    private TimeSpan Time(ITrainingPath path)
    {
        long began = time.GetTimestamp();
        path.Step();
        return time.GetElapsedTime(began);
    }

    private Phases Profile(ITrainingPath path)
    {
        using OperatorProfile profile = new();
        TimeSpan step = Time(path);
        OperatorTimes times = profile.End();
        TimeSpan known = times.Convolution + times.Activation + times.Loss + times.Optimizer;
        return new Phases(
            times.Convolution.TotalMilliseconds, times.Activation.TotalMilliseconds, times.Loss.TotalMilliseconds, times.Optimizer.TotalMilliseconds,
            Math.Max(0, ((step * path.Workers) - known).TotalMilliseconds));
    }

    private LabeledImages Noise()
    {
        Random random = new(options.Seed);
        int count = 2 * options.BatchSize;
        byte[] pixels = new byte[count * net.Input.Count], labels = new byte[count];
        random.NextBytes(pixels);
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)random.Next(net.Classes);
        }

        return new LabeledImages(pixels, labels, net.Input);
    }

    private sealed class Measured(long peakBytes, double firstLoss)
    {
        private TimeSpan _total;
        private int _steps;

        public void Add(TimeSpan step)
        {
            _total += step;
            _steps++;
        }

        public PathResult Result(int batch, Phases phases) => new(_steps * batch / _total.TotalSeconds, _steps, peakBytes, firstLoss, phases);
    }
}
