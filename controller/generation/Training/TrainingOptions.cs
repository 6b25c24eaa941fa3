using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Generation.Training;

/// <summary>How a switchable-precision network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Bit-widths, ascending. Default 4, 8 and 32.</summary>
    public IReadOnlyList<Precision> Precisions { get; init; } = [new(4), new(8), Precision.Full];

    /// <summary>How weights and activations are rounded. Default symmetric.</summary>
    public IQuantizer Quantizer { get; init; } = QuantizerCatalog.Default;

    /// <summary>Passes over the training images, fractions allowed. Default 3.</summary>
    public double Epochs { get; init; } = 3;

    /// <summary>Images of one optimiser step. Default 64.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Parts a batch is cut into, each on a thread of its own and with batch-norm statistics of its own. Part of the result, so it does not
    /// follow the machine. Default 2.
    /// </summary>
    public int Shards { get; init; } = 2;

    /// <summary>Learning rate over the run.</summary>
    public LearningRateSchedule LearningRate { get; init; } = new(Peak: 0.06);

    /// <summary>Of stochastic gradient descent, 0..1. Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Pull of the master weights to zero; batch norms, clips and biases have none. Default 1e-4.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Part of the run, from its start, in which clips follow the data; then they learn. Default 0.5.</summary>
    public double ClipTracking { get; init; } = 0.5;

    /// <summary>Longest step of the gradient, all parameters together. Default 2.</summary>
    public double GradientNorm { get; init; } = 2;

    /// <summary>How far a lower precision's scores are from those of one that teaches it. Default free of scale.</summary>
    public TeacherDistance Distance { get; init; } = TeacherDistance.ScaleFree;

    /// <summary>Weight of the distance to each teacher. Default 1, as in the paper.</summary>
    public double Beta { get; init; } = 1;

    /// <summary>
    /// Part of the run, from its start, over which that weight grows from 0: while the scores still double from one hundred steps to the next, their
    /// squared errors would drown the labels. 0 is the paper, which trains for 200 epochs. Default 0.4.
    /// </summary>
    public double BetaWarmUp { get; init; } = 0.4;

    /// <summary>Which higher precisions teach a lower one; a schedule sets it. Default all of them.</summary>
    public TeacherChoice Teachers { get; init; } = TeacherChoice.Cascade;

    /// <summary>Changes to training images. Default none.</summary>
    public Augmentation Augmentation { get; init; }

    /// <summary>Training images whose statistics the batch norms hold at the end. Default 10,000; fewer if there are fewer.</summary>
    public int RecalibrationImages { get; init; } = 10_000;

    /// <summary>Of initial weights, order of images and augmentation. Same seed and shards, same network.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Optimiser steps over so many training images.</summary>
    public int StepsFor(int images) => Math.Max(1, (int)Math.Round(Epochs * images / Math.Min(BatchSize, images)));

    /// <summary>Weight of the distance to each teacher at a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Of the whole run.</param>
    public double BetaAt(int step, int steps)
    {
        double warmUp = BetaWarmUp * steps;
        return step < warmUp ? Beta * step / warmUp : Beta;
    }

    /// <exception cref="ArgumentException">A value is outside its limits; the sentence names it.</exception>
    public void Validate()
    {
        Require(Epochs > 0 && double.IsFinite(Epochs), $"Epochs must be positive, not {Epochs}.");
        Require(Shards is >= 1 and <= 64, $"Shards must be 1 to 64, not {Shards}.");
        Require(BatchSize >= 2 * Shards, $"A batch of {BatchSize} cannot be cut into {Shards} shards of two images or more.");
        Require(LearningRate.Peak > 0 && double.IsFinite(LearningRate.Peak), $"The learning rate must be positive, not {LearningRate.Peak}.");
        Require(LearningRate.WarmUp is >= 0 and <= 1, $"WarmUp must be 0 to 1, not {LearningRate.WarmUp}.");
        Require(Momentum is >= 0 and < 1, $"Momentum must be at least 0 and below 1, not {Momentum}.");
        Require(WeightDecay >= 0, $"WeightDecay must not be negative, but is {WeightDecay}.");
        Require(GradientNorm > 0, $"GradientNorm must be positive, not {GradientNorm}.");
        Require(ClipTracking is >= 0 and <= 1, $"ClipTracking must be 0 to 1, not {ClipTracking}.");
        Require(BetaWarmUp is >= 0 and <= 1, $"BetaWarmUp must be 0 to 1, not {BetaWarmUp}.");
        Require(Beta >= 0, $"Beta must not be negative, but is {Beta}.");
        Require(Augmentation.CropPadding >= 0, $"CropPadding must not be negative, but is {Augmentation.CropPadding}.");
        Require(RecalibrationImages >= 2, $"Recalibration needs at least two images, not {RecalibrationImages}.");
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new ArgumentException(sentence);
    }
}
