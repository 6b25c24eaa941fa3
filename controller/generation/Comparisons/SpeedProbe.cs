using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Comparisons;

/// <summary>Measures how fast this machine trains and runs a network, just now.</summary>
/// <param name="spec">Network.</param>
/// <param name="images">Training images.</param>
/// <param name="time">Clock.</param>
internal sealed class SpeedProbe(NetSpec spec, LabeledImages images, TimeProvider time)
{
    // First steps are slower: code is compiled, memory is fetched.
    private const int WarmUpSteps = 3;
    private const int ProbedImages = 500;

    // A rate at which nothing can diverge: the weights do not matter here.
    private const double NoLearning = 1e-9;

    /// <summary>Seconds of one optimiser step.</summary>
    /// <param name="training">Its precisions and batch size count.</param>
    /// <param name="steps">Steps to measure over, at least 1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public double SecondsPerStep(TrainingOptions training, int steps, CancellationToken cancellationToken)
    {
        Train(training, WarmUpSteps, cancellationToken);
        return training.BatchSize / Train(training, steps, cancellationToken);
    }

    /// <summary>Seconds of one image's forward pass, mean over the bit-widths.</summary>
    public double SecondsPerImage(TrainingOptions training, CancellationToken cancellationToken)
    {
        using SpNetTrainer trainer = new(spec, training, time);
        LabeledImages some = images.Slice(0, Math.Min(ProbedImages, images.Count));
        trainer.Evaluate(some, training.Precisions[0], cancellationToken);
        long start = time.GetTimestamp();
        foreach (Precision precision in training.Precisions)
        {
            trainer.Evaluate(some, precision, cancellationToken);
        }

        return time.GetElapsedTime(start).TotalSeconds / (some.Count * training.Precisions.Count);
    }

    /// <returns>Images per second, without the recalibration that ends a training.</returns>
    private double Train(TrainingOptions training, int steps, CancellationToken cancellationToken)
    {
        Last last = new();
        TrainingOptions brief = training with
        {
            Epochs = (double)steps * training.BatchSize / images.Count,
            LearningRate = training.LearningRate with { Peak = NoLearning },
            RecalibrationImages = 2,
        };
        using SpNetTrainer trainer = new(spec, brief, time);
        trainer.Train(images, last, cancellationToken);
        return last.ImagesPerSecond;
    }

    private sealed class Last : IProgress<TrainingProgress>
    {
        public double ImagesPerSecond { get; private set; }

        public void Report(TrainingProgress value) => ImagesPerSecond = value.ImagesPerSecond;
    }
}
