using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Generation.Training;

/// <summary>Trains a switchable-precision network by cascade distillation, recalibrates it, and hands it out.</summary>
/// <remarks>
/// Seeded: the same options, shards and images give the same bits on one machine. Not thread-safe; uses one thread per shard, at most one
/// per core. Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 3.1.
/// </remarks>
public sealed class SpNetTrainer : IDisposable
{
    private const int EvaluationBatch = 250;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(500);

    private readonly TrainingOptions _options;
    private readonly TimeProvider _clock;
    private readonly WorkerCrew _crew;

    /// <param name="spec">Network to train.</param>
    /// <param name="options">How.</param>
    /// <param name="clock">For speed and remaining time.</param>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public SpNetTrainer(NetSpec spec, TrainingOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        options.Validate();
        _options = options;
        _clock = clock;
        Net = new SwitchableNet(spec, options.Precisions, new Random(options.Seed), options.Quantizer);
        _crew = new WorkerCrew(Math.Min(options.Shards, Environment.ProcessorCount));
    }

    private SpNetTrainer(SwitchableNet net, TrainingOptions options, TimeProvider clock)
    {
        Net = net;
        _options = options;
        _clock = clock;
        _crew = new WorkerCrew(Math.Min(options.Shards, Environment.ProcessorCount));
    }

    /// <summary>A float network that learned elsewhere, to be quantised and trained on; the caller disposes it.</summary>
    /// <param name="spec">Network.</param>
    /// <param name="plain">Its 32-bit values, batch norms folded away.</param>
    /// <param name="options">How it will be trained.</param>
    /// <param name="images">Training images, for batch norm statistics.</param>
    /// <param name="clock">For speed and remaining time.</param>
    /// <exception cref="ArgumentException">An option is outside its limits, images do not fit the network, or it cannot be trained.</exception>
    public static SpNetTrainer Of(NetSpec spec, TrainedVariant plain, TrainingOptions options, LabeledImages images, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(plain);
        SpNetTrainer trainer = new(spec, options with { Precisions = [Precision.Full] }, clock);
        trainer.ThrowIfUnfit(images);
        FloatStart.Fill(trainer.Net, plain, images);
        return trainer;
    }

    /// <summary>The network; its weights change while <see cref="Train"/> runs. Owned by the trainer.</summary>
    public SwitchableNet Net { get; }

    /// <summary>Trains, then recalibrates the batch norms of every precision. Blocks; run it off the caller's thread where that matters.</summary>
    /// <param name="images">Training images of the network's input shape, labels below its classes.</param>
    /// <param name="progress">Told about twice a second and at the last step; may be null.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">Images do not fit the network.</exception>
    /// <exception cref="TrainingDivergedException">A loss stopped being a number.</exception>
    public void Train(LabeledImages images, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        TrainWatched(images, progress, watch: null, cancellationToken);

    /// <summary>As <see cref="Train"/>, watched.</summary>
    /// <param name="images">As above.</param>
    /// <param name="progress">As above.</param>
    /// <param name="watch">Told of every step; may be null.</param>
    /// <param name="cancellationToken">As above.</param>
    internal void TrainWatched(LabeledImages images, IProgress<TrainingProgress>? progress, IRunWatch? watch, CancellationToken cancellationToken)
    {
        ThrowIfUnfit(images);
        using IDisposable recycling = FusedOperators.RecycleMemory();
        int first = watch?.FirstStep ?? 0;
        using (TrainingRun run = new(Net, _options, images, _crew, first))
        {
            watch?.Begin(run);
            long start = _clock.GetTimestamp();
            TimeSpan reported = TimeSpan.Zero;
            if (first == run.Steps)
                progress?.Report(Progress(run, first, 0, images.Count, TimeSpan.Zero));
            for (int step = first; step < run.Steps; step++)
            {
                if (cancellationToken.IsCancellationRequested && step > 0)
                    watch?.Stopping(run, Progress(run, step, step - first, images.Count, _clock.GetElapsedTime(start)));
                cancellationToken.ThrowIfCancellationRequested();
                run.Step(step);
                TimeSpan elapsed = _clock.GetElapsedTime(start);
                watch?.Stepped(run, Progress(run, step + 1, step + 1 - first, images.Count, elapsed));
                if (step + 1 < run.Steps && elapsed - reported < ReportEvery)
                    continue;
                reported = elapsed;
                progress?.Report(Progress(run, step + 1, step + 1 - first, images.Count, elapsed));
            }
        }

        Recalibrate(images, cancellationToken);
    }

    /// <summary>Sets the batch norms' statistics from some of the images; <see cref="Train"/> ends with it.</summary>
    public void Recalibrate(LabeledImages images, CancellationToken cancellationToken)
    {
        ThrowIfUnfit(images);
        using IDisposable recycling = FusedOperators.RecycleMemory();
        StatisticsRecalibration.Run(Net, Sample(images, _options.RecalibrationImages), _crew, cancellationToken);
        AccumulatorGrid.Snap(Net);
    }

    /// <summary>Runs the network as a device would, in float on the integer grids.</summary>
    /// <exception cref="ArgumentException">Images do not fit the network, or it was not trained at that precision.</exception>
    public Evaluation Evaluate(LabeledImages images, Precision precision, CancellationToken cancellationToken)
    {
        ThrowIfUnfit(images);
        using IDisposable recycling = FusedOperators.RecycleMemory();
        int classes = Net.Spec.Classes;
        float[] logits = new float[images.Count * classes];
        _crew.Run(worker =>
        {
            using IDisposable off = no_grad();
            for (int start = worker * EvaluationBatch; start < images.Count; start += _crew.Workers * EvaluationBatch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using DisposeScope scope = NewDisposeScope();
                LabeledImages some = images.Slice(start, Math.Min(EvaluationBatch, images.Count - start));
                Tensor scores = Net.Forward(ImageBatch.Of(some).Images, precision, ForwardMode.Inference);
                scores.Elements<float>().CopyTo(logits.AsSpan(start * classes));
            }
        });
        return Evaluation.Of(precision, logits, images.Labels.Span);
    }

    /// <summary>Copies of everything that export needs, lowest precision first.</summary>
    /// <exception cref="ArgumentException">The quantiser cannot be deployed; the sentence says why.</exception>
    public IReadOnlyList<TrainedVariant> Export() => [.. Net.Precisions.Select(Export)];

    /// <summary>The same of one precision.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public TrainedVariant Export(Precision precision)
    {
        QuantizerCatalog.RefuseUndeployable(Net.Quantizer);
        return VariantExport.Of(Net, precision);
    }

    /// <summary>Quantises a network that learned in float, and recalibrates: a trainer of its own, which the caller disposes.</summary>
    /// <param name="precisions">Of the new network, ascending.</param>
    /// <param name="images">Training images, for clips and batch norm statistics.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The network has no 32 bits, or images do not fit it.</exception>
    public SpNetTrainer Quantize(IReadOnlyList<Precision> precisions, LabeledImages images, CancellationToken cancellationToken)
    {
        ThrowIfUnfit(images);
        if (!Net.Precisions.Contains(Precision.Full))
            throw new ArgumentException($"Only what learned in float is quantised after training; this network runs at {string.Join(", ", Net.Precisions)}.");
        SwitchableNet net = PostTrainingQuantization.Quantize(Net, precisions, _options.Quantizer, images, cancellationToken);
        SpNetTrainer quantized = new(net, _options with { Precisions = precisions }, _clock);
        try
        {
            quantized.Recalibrate(images, cancellationToken);
            return quantized;
        }
        catch (OperationCanceledException)
        {
            quantized.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _crew.Dispose();
        Net.Dispose();
    }

    /// <param name="run">What is under way.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="here">Those of them that this process made, in the time elapsed.</param>
    /// <param name="images">Of an epoch.</param>
    /// <param name="elapsed">Since this process began.</param>
    private TrainingProgress Progress(TrainingRun run, int step, int here, int images, TimeSpan elapsed)
    {
        double[] accuracy = run.Means.Accuracy;
        return new TrainingProgress(
            step, run.Steps, (double)step * run.BatchSize / images, run.Means.Loss,
            Net.Precisions.Index().ToDictionary(p => p.Item, p => accuracy[p.Index]),
            (double)here * run.BatchSize / Math.Max(elapsed.TotalSeconds, 1e-9), elapsed * ((double)(run.Steps - step) / Math.Max(here, 1)));
    }

    // At random, so that images sorted by class give all classes in every batch.
    private static LabeledImages Sample(LabeledImages images, int wanted)
    {
        int count = Math.Min(wanted, images.Count);
        byte[] pixels = new byte[count * images.Shape.Count], labels = new byte[count];
        int[] order = [.. Enumerable.Range(0, images.Count)];
        new Random(images.Count).Shuffle(order);
        for (int i = 0; i < count; i++)
        {
            images.Image(order[i]).CopyTo(pixels.AsSpan(i * images.Shape.Count));
            labels[i] = images.Labels.Span[order[i]];
        }

        return new LabeledImages(pixels, labels, images.Shape);
    }

    private void ThrowIfUnfit(LabeledImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Shape != Net.Spec.Input)
            throw new ArgumentException($"The network reads images of {Net.Spec.Input}, not of {images.Shape}.", nameof(images));
        foreach (byte label in images.Labels.Span)
        {
            if (label >= Net.Spec.Classes)
                throw new ArgumentException($"Class {label} does not exist in a network of {Net.Spec.Classes} classes.", nameof(images));
        }
    }
}
