using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Schedules;

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

    private const double StepsPerSecondOfBudget = 0.1;
    private const int FewestSteps = 8, MostSteps = 40;

    // A rate at which nothing can diverge: the weights do not matter here.
    private const double NoLearning = 1e-9;

    private readonly Dictionary<string, double> _measured = new(StringComparer.Ordinal);

    /// <summary>Seconds of all steps of a schedule's networks together. What was measured once at some precisions is not measured again.</summary>
    /// <param name="plan">The networks, each with the training that it would get.</param>
    /// <param name="budget">Time for everything: of a longer one, more is spent on measuring.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public double SecondsOf(IReadOnlyList<PlannedNetwork> plan, TimeSpan budget, CancellationToken cancellationToken)
    {
        int steps = Math.Clamp((int)(budget.TotalSeconds * StepsPerSecondOfBudget), FewestSteps, MostSteps);
        return plan.Sum(Seconds);

        double Seconds(PlannedNetwork network)
        {
            string key = string.Join(',', network.Training.Precisions);
            if (!_measured.TryGetValue(key, out double seconds))
                _measured[key] = seconds = SecondsPerStep(network.Training, steps, cancellationToken);
            return seconds * network.Training.StepsFor(images.Count);
        }
    }

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
