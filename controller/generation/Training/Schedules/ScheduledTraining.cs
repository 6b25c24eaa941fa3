using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training.Schedules;

/// <summary>Trains the networks that a schedule plans and hands out one variant per bit-width, whichever network serves it.</summary>
/// <remarks>As seeded and as little thread-safe as <see cref="SpNetTrainer"/>.</remarks>
public sealed class ScheduledTraining : IDisposable
{
    private readonly IReadOnlyList<PlannedNetwork> _plan;
    private readonly TimeProvider _clock;
    private readonly SortedDictionary<Precision, SpNetTrainer> _serving = [];
    private readonly List<SpNetTrainer> _trainers = [];

    /// <param name="spec">Network to train.</param>
    /// <param name="schedule">Plans the networks.</param>
    /// <param name="options">How, as if one network were trained at all bit-widths.</param>
    /// <param name="clock">For speed and remaining time.</param>
    /// <exception cref="ArgumentException">An option is outside its limits.</exception>
    public ScheduledTraining(NetSpec spec, ITrainingSchedule schedule, TrainingOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        options.Validate();
        SwitchableNet.ThrowIfUnusable(options.Precisions);
        Spec = spec;
        _plan = schedule.Plan(options);
        _clock = clock;
    }

    /// <summary>Layers of every network.</summary>
    public NetSpec Spec { get; }

    /// <summary>Optimiser steps of all networks together.</summary>
    /// <param name="images">Training images.</param>
    public int StepsFor(int images) => _plan.Sum(p => p.Training.StepsFor(images));

    /// <summary>Forward and backward passes of one batch at one bit-width, of all networks together.</summary>
    /// <param name="images">Training images.</param>
    public long PassesFor(int images) => _plan.Sum(p => (long)p.Training.StepsFor(images) * p.Training.Precisions.Count);

    /// <summary>Trains every network, quantises and recalibrates. Once; blocks.</summary>
    /// <param name="images">Training images of the network's input shape, in random order, labels below its classes.</param>
    /// <param name="progress">Told about twice a second; steps count over all networks, accuracies are those of the network at work. May be null.</param>
    /// <param name="cancellationToken">Looked at before each step.</param>
    /// <exception cref="ArgumentException">Images do not fit the network.</exception>
    /// <exception cref="TrainingDivergedException">A loss stopped being a number.</exception>
    public void Train(LabeledImages images, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        int steps = StepsFor(images.Count), done = 0;
        foreach (PlannedNetwork network in _plan)
        {
            SpNetTrainer trainer = Keep(new SpNetTrainer(Spec, network.Training, _clock));
            trainer.Train(images, progress is null ? null : new Overall(progress, done, steps), cancellationToken);
            done += network.Training.StepsFor(images.Count);
            if (!network.Serves.SequenceEqual(network.Training.Precisions))
                trainer = Keep(trainer.Quantize(network.Serves, images, cancellationToken));
            foreach (Precision precision in network.Serves)
            {
                _serving[precision] = trainer;
            }
        }
    }

    /// <summary>Runs a precision as a device would.</summary>
    /// <exception cref="ArgumentException">No network was trained for it, or images do not fit.</exception>
    public Evaluation Evaluate(LabeledImages images, Precision precision, CancellationToken cancellationToken) =>
        _serving.TryGetValue(precision, out SpNetTrainer? trainer)
            ? trainer.Evaluate(images, precision, cancellationToken)
            : throw new ArgumentException($"No network was trained for {precision}.", nameof(precision));

    /// <summary>Copies of everything that export needs, lowest precision first.</summary>
    /// <exception cref="ArgumentException">The quantiser cannot be deployed; the sentence says why.</exception>
    public IReadOnlyList<TrainedVariant> Export() => [.. _serving.Select(s => s.Value.Export(s.Key))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SpNetTrainer trainer in _trainers)
        {
            trainer.Dispose();
        }
    }

    private SpNetTrainer Keep(SpNetTrainer trainer)
    {
        _trainers.Add(trainer);
        return trainer;
    }

    private sealed class Overall(IProgress<TrainingProgress> progress, int done, int steps) : IProgress<TrainingProgress>
    {
        // What is left of the networks to come, at the pace of this one.
        public void Report(TrainingProgress value) => progress.Report(value with
        {
            Step = done + value.Step,
            Steps = steps,
            Remaining = value.Step == value.Steps ? TimeSpan.Zero : value.Remaining * ((double)(steps - done - value.Step) / (value.Steps - value.Step)),
        });
    }
}
