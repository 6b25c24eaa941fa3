using System.Diagnostics;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Import;

/// <summary>Trains an imported network further, at every precision, by cascade distillation from where it stands.</summary>
/// <param name="time">Clock.</param>
internal sealed class FineTuning(TimeProvider time)
{
    // It starts where another training ended: smaller steps than from nothing, and teachers whose scores can be trusted at once.
    private const double Peak = 0.002;

    /// <summary>Says so when a network or its images cannot be trained.</summary>
    /// <exception cref="InvalidDataException">One sentence says why.</exception>
    public static void RefuseUnfit(ImportedNetwork imported, CalibrationImages images, string file)
    {
        images.RequireLessons("Fine-tuning");
        if (imported.Net.FirstUntrainable is { } layer)
        {
            throw new InvalidDataException($"'{file}' cannot be fine-tuned: layer '{layer.Name}' cannot be trained; convolutions, batch norm, ReLU, sums, "
                + "max pooling between layers, global average pooling and one fully connected layer at the end can. Without --finetune it is quantised as it is.");
        }

        if (imported.Net.Normalization is not null)
            throw new InvalidDataException($"'{file}' cannot be fine-tuned: its first layer pads an image that --mean shifts, and training reads pixel / 255. Without --finetune it is quantised as it is.");
    }

    /// <summary>Trains.</summary>
    /// <returns>A variant per precision, fewest bits first, and what training took.</returns>
    /// <exception cref="TrainingDivergedException">A loss stopped being a number.</exception>
    public (IReadOnlyList<TrainedVariant> Variants, TrainingReport Report) Run(
        ImportedNetwork imported, ImageSet images, TrainingOptions options, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        options = options with { LearningRate = options.LearningRate with { Peak = Peak }, BetaWarmUp = 0 };
        LabeledImages labelled = images.Labeled();
        long start = time.GetTimestamp();
        using SpNetTrainer from = SpNetTrainer.Of(imported.Net, imported.Variant, options, labelled, time);
        using SpNetTrainer trainer = from.Quantize(options.Precisions, labelled, cancellationToken);
        LastProgress told = new(progress);
        trainer.Train(labelled, told, cancellationToken);
        Debug.Assert(told.Last is not null, "training reports its last step");
        TrainingReport report = new(
            "cdt", options.Epochs, told.Last.Steps, time.GetElapsedTime(start).TotalSeconds, told.Last.ImagesPerSecond, options.Quantizer.Name);
        return (trainer.Export(), report);
    }

    private sealed class LastProgress(IProgress<GenerationProgress> progress) : IProgress<TrainingProgress>
    {
        public TrainingProgress? Last { get; private set; }

        public void Report(TrainingProgress value) => progress.Report(new GenerationProgress(Training: Last = value));
    }
}
