using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training;

/// <summary>The optimiser steps of one run: every precision of every batch, highest first, gradients added up, one step.</summary>
internal sealed class TrainingRun : IDisposable
{
    /// <summary>Images of a batch, at most, that clips are fitted to.</summary>
    internal const int ClipFittingImages = 32;

    private const int FitClipsEvery = 5;
    private const double Smoothing = 0.98; // of reported loss and accuracy: about the last 50 steps

    private readonly SwitchableNet _net;
    private readonly TrainingOptions _options;
    private readonly WorkerCrew _crew;
    private readonly SwitchableNet[] _replicas;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IReadOnlyList<Parameter>[] _replicaParameters;
    private readonly ShardReport[] _reports;
    private readonly SGD _weights;
    private readonly SGD _undecayed;
    private readonly BatchFeed _batches;

    /// <param name="net">Trained in place.</param>
    /// <param name="options">How.</param>
    /// <param name="images">Borrowed until disposed.</param>
    /// <param name="crew">Its threads work.</param>
    /// <param name="firstStep">The step that will be made first; above 0 when the state of the steps before it is put back.</param>
    public TrainingRun(SwitchableNet net, TrainingOptions options, LabeledImages images, WorkerCrew crew, int firstStep = 0)
    {
        if (images.Count < 2 * options.Shards)
            throw new ArgumentException($"{images.Count} images cannot be cut into {options.Shards} shards of two or more.", nameof(images));
        _net = net;
        _options = options;
        _crew = crew;
        _parameters = [.. net.Weights, .. net.Undecayed];
        _replicas = [net, .. Enumerable.Range(1, options.Shards - 1).Select(_ => net.Replicate())];
        _replicaParameters = [.. _replicas.Select(r => (IReadOnlyList<Parameter>)[.. r.Weights, .. r.Undecayed])];
        _reports = [.. Enumerable.Range(0, options.Shards).Select(_ => new ShardReport(net.Precisions.Count))];
        _weights = optim.SGD(net.Weights, 0, options.Momentum, weight_decay: options.WeightDecay);
        _undecayed = optim.SGD(net.Undecayed, 0, options.Momentum);
        BatchSize = Math.Min(options.BatchSize, images.Count);
        _batches = new BatchFeed(images, BatchSize, options.Augmentation, options.Seed, firstStep);
        Steps = options.StepsFor(images.Count);
    }

    public int Steps { get; }

    public int BatchSize { get; }

    /// <summary>Of the latest step.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Mean over recent steps, of loss and of accuracy per precision.</summary>
    public RunningMeans Means { get; private set; }

    /// <summary>Mean over the precisions of the latest step's loss, before its update.</summary>
    public double LastLoss => _reports.Sum(r => r.Losses.Average());

    /// <exception cref="TrainingDivergedException">A loss or the gradient is not finite.</exception>
    public void Step(int step)
    {
        double rate = _options.LearningRate.At(step, Steps);
        ReadyBatch batch = _batches.Next();
        if (step % FitClipsEvery == 0 && step <= _options.ClipTracking * Steps)
            FitClips(batch, step, rate);
        _crew.Run(worker =>
        {
            for (int shard = worker; shard < _replicas.Length; shard += _crew.Workers)
            {
                TrainShard(step, rate, shard, batch);
            }
        });
        for (int shard = 1; shard < _replicas.Length; shard++)
        {
            FusedOperators.GatherGradients(_parameters, _replicaParameters[shard]);
        }

        if (!double.IsFinite(nn.utils.clip_grad_norm_(_parameters, _options.GradientNorm)))
            throw TrainingDivergedException.At("the gradient", step, rate, WhereLost(batch) ?? NonFinite.InGradients(_net));
        LearningRate = rate;
        Shared.SetRate(_weights, rate);
        Shared.SetRate(_undecayed, rate);
        _weights.step();
        _undecayed.step();
        _weights.zero_grad();
        _undecayed.zero_grad();
        _net.RestrainQuantizers();
        Means = Means.Next(_reports, batch.Count, step == 0 ? 0 : Smoothing);
    }

    /// <summary>Passes over everything that the next step depends on but the batches, which follow from seed and step.</summary>
    public void VisitState(IStateVisitor state)
    {
        _net.VisitState(state);
        foreach (SwitchableNet replica in _replicas.Skip(1))
        {
            replica.VisitReplicaState(state);
        }

        foreach (SGD optimizer in (SGD[])[_weights, _undecayed])
        {
            foreach (SGD.State parameter in optimizer.state_dict().State)
            {
                state.Visit(parameter.momentum_buffer);
            }
        }

        double loss = Means.Loss;
        double[] accuracy = Means.Accuracy ?? new double[_net.Precisions.Count];
        state.Visit(ref loss);
        for (int i = 0; i < accuracy.Length; i++)
        {
            state.Visit(ref accuracy[i]);
        }

        Means = new RunningMeans(loss, accuracy);
    }

    public void Dispose()
    {
        _batches.Dispose();
        _weights.Dispose();
        _undecayed.Dispose();
        foreach (SwitchableNet replica in _replicas.Skip(1))
        {
            replica.Dispose();
        }
    }

    /// <summary>Moves every clip to where it rounds the start of a batch best; one precision per worker at a time.</summary>
    private void FitClips(ReadyBatch batch, int step, double rate)
    {
        Precision[] rounded = [.. _net.Precisions.Where(p => !BitPlan.IsFloat(p))];
        _crew.Run(worker =>
        {
            using IDisposable off = no_grad();
            for (int i = worker; i < rounded.Length; i += _crew.Workers)
            {
                using DisposeScope scope = NewDisposeScope();
                ImageBatch some = ImageBatch.Of(batch, 0, Math.Min(ClipFittingImages, batch.Count));
                try
                {
                    _net.Forward(some.Images, rounded[i], ForwardMode.FittingClips);
                }
                catch (NotFiniteNumberException)
                {
                    // No clip suits values that are not finite.
                    if (NonFinite.InForward(_net, some.Images, rounded[i]) is not { } first)
                        throw;
                    throw TrainingDivergedException.At($"what {rounded[i]} clips are fitted to", step, rate, first);
                }
            }
        });
    }

    /// <summary>Where a forward pass of the batch meets a value that is not finite, highest precision first: ReLU hides one from the loss.</summary>
    private string? WhereLost(ReadyBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = ImageBatch.Of(batch, 0, batch.Count).Images;
        return _net.Precisions.Reverse().Select(p => NonFinite.InForward(_net, images, p)).FirstOrDefault(first => first is not null);
    }

    private void TrainShard(int step, double rate, int shard, ReadyBatch batch)
    {
        int from = batch.Count * shard / _replicas.Length, to = batch.Count * (shard + 1) / _replicas.Length;
        SwitchableNet net = _replicas[shard];
        using DisposeScope scope = NewDisposeScope();
        ImageBatch data = ImageBatch.Of(batch, from, to);
        double share = (double)(to - from) / batch.Count;
        double warmUp = _options.BetaWarmUp * Steps, beta = step < warmUp ? _options.Beta * step / warmUp : _options.Beta;
        List<Tensor> teachers = [];
        for (int i = net.Precisions.Count - 1; i >= 0; i--)
        {
            using DisposeScope graph = NewDisposeScope();
            Tensor logits = net.Forward(data.Images, net.Precisions[i], ForwardMode.Training);
            Tensor loss = CascadeDistillation.Loss(logits, teachers, data.Labels, beta, _options.Distance);
            float value = loss.ToSingle();
            if (!float.IsFinite(value))
                throw TrainingDivergedException.At($"the {net.Precisions[i]} loss", step, rate, NonFinite.InForward(net, data.Images, net.Precisions[i]));
            (loss * (share / net.Precisions.Count)).backward();
            Tensor teacher = logits.detach();
            _reports[shard].Record(i, value * share, Evaluation.CountCorrect(teacher, data.Labels));
            if (_options.Teachers == TeacherChoice.Cascade || (_options.Teachers == TeacherChoice.Highest && teachers.Count == 0))
                teachers.Add(teacher.MoveToOuterDisposeScope());
        }
    }
}
