using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training.Schedules;

/// <summary>Trains the networks that a schedule plans and hands out one variant per bit-width, whichever network serves it.</summary>
/// <remarks>As seeded and as little thread-safe as <see cref="SpNetTrainer"/>.</remarks>
public sealed class ScheduledTraining : IDisposable
{
    private readonly IReadOnlyList<PlannedNetwork> _plan;
    private readonly TimeProvider _clock;
    private readonly SortedDictionary<Precision, SpNetTrainer> _serving = [];
    private readonly List<SpNetTrainer> _trainers = [];
    private readonly List<SpNetTrainer> _finished = [];

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
    public void Train(LabeledImages images, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken) =>
        Train(images, progress, companion: null, cancellationToken);

    /// <summary>The same, with somebody along who keeps its state, or from a state that was kept.</summary>
    /// <param name="images">As above.</param>
    /// <param name="progress">As above.</param>
    /// <param name="companion">May be null.</param>
    /// <param name="cancellationToken">As above; the companion is told first.</param>
    /// <exception cref="InvalidDataException">The state kept is of another training.</exception>
    public void Train(LabeledImages images, IProgress<TrainingProgress>? progress, ITrainingCompanion? companion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(images);
        int steps = StepsFor(images.Count), first = 0, firstStep = 0;
        if (companion?.From is { } state)
            VisitPlace(state, ref first, ref firstStep);
        for (int i = first; i < _plan.Count; i++)
        {
            PlannedNetwork network = _plan[i];
            int done = _plan.Take(i).Sum(p => p.Training.StepsFor(images.Count));
            SpNetTrainer trainer = Keep(new SpNetTrainer(Spec, network.Training, _clock));
            Part? part = companion is null ? null : new Part(this, companion, i, i == first ? firstStep : 0, done, steps);
            trainer.TrainWatched(images, progress is null ? null : new Overall(progress, done, steps), part, cancellationToken);
            if (!network.Serves.SequenceEqual(network.Training.Precisions))
                trainer = Keep(trainer.Quantize(network.Serves, images, cancellationToken));
            Finish(network, trainer);
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

    /// <summary>Passes over which network is at work, how far it is, and the networks before it.</summary>
    private void VisitPlace(IStateVisitor state, ref int network, ref int step)
    {
        state.Visit(ref network);
        state.Visit(ref step);
        if (network < 0 || network >= _plan.Count)
            throw new InvalidDataException($"The state kept is of another schedule: it is at network {network}, from 0, of {_plan.Count}.");
        for (int i = 0; i < network; i++)
        {
            if (i == _finished.Count)
                Finish(_plan[i], Keep(new SpNetTrainer(Spec, _plan[i].Training with { Precisions = _plan[i].Serves }, _clock)));
            _finished[i].Net.VisitState(state);
        }
    }

    private void Finish(PlannedNetwork network, SpNetTrainer trainer)
    {
        _finished.Add(trainer);
        foreach (Precision precision in network.Serves)
        {
            _serving[precision] = trainer;
        }
    }

    private SpNetTrainer Keep(SpNetTrainer trainer)
    {
        _trainers.Add(trainer);
        return trainer;
    }

    private sealed class Overall(IProgress<TrainingProgress> progress, int done, int steps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(Of(value, done, steps));

        // What is left of the networks to come, at the pace of this one.
        public static TrainingProgress Of(TrainingProgress value, int done, int steps) => value with
        {
            Step = done + value.Step,
            Steps = steps,
            Remaining = value.Step == value.Steps ? TimeSpan.Zero : value.Remaining * ((double)(steps - done - value.Step) / (value.Steps - value.Step)),
        };
    }

    /// <summary>Tells a companion of one network's part in terms of the whole.</summary>
    private sealed class Part(ScheduledTraining whole, ITrainingCompanion companion, int network, int firstStep, int done, int steps) : IRunWatch
    {
        public int FirstStep => firstStep;

        public void Begin(TrainingRun run)
        {
            if (firstStep > 0)
                run.VisitState(companion.From!);
        }

        public void Stepped(TrainingRun run, TrainingProgress progress) => companion.Stepped(Moment(run, progress));

        public void Stopping(TrainingRun run, TrainingProgress progress) => companion.Stopping(Moment(run, progress));

        private TrainingMoment Moment(TrainingRun run, TrainingProgress progress)
        {
            PlannedNetwork planned = whole._plan[network];
            SpNetTrainer trainer = whole._trainers[^1];
            return new TrainingMoment(
                Overall.Of(progress, done, steps), run.LearningRate, planned.Training.Precisions, progress.Step == progress.Steps,
                state =>
                {
                    int place = network, step = progress.Step;
                    whole.VisitPlace(state, ref place, ref step);
                    run.VisitState(state);
                },
                (images, precision) => trainer.Evaluate(images, precision, CancellationToken.None).Accuracy);
        }
    }
}
