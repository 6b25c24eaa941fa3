using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training.Checkpoints;

namespace InstantNet.Generation.Training;

/// <summary>The optimiser steps of one run: every precision of every batch, highest first, gradients added up, one step.</summary>
internal sealed class TrainingRun : IDisposable
{
    private const double Smoothing = 0.98; // of reported loss and accuracy: about the last 50 steps

    private readonly SwitchableNet _net;
    private readonly TrainingOptions _options;
    private readonly WorkerCrew _crew;
    private readonly SwitchableNet[] _replicas;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IReadOnlyList<Parameter>[] _replicaParameters;
    private readonly ShardReport[] _reports;
    private readonly MasterSgd _optimizer;
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
        _optimizer = new MasterSgd(net.Weights, net.Undecayed, options);
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
        if (ClipFitting.IsDue(step, Steps, _options))
            ClipFitting.Run(_crew, _net.Precisions, batch, (precision, some) => FitClips(precision, some, step, rate));
        double beta = _options.BetaAt(step, Steps);
        Shards.Run(_crew, _replicas.Length, batch, (shard, data, share) => TrainShard(step, rate, beta, shard, data, share));
        for (int shard = 1; shard < _replicas.Length; shard++)
        {
            FusedOperators.GatherGradients(_parameters, _replicaParameters[shard]);
        }

        if (!double.IsFinite(nn.utils.clip_grad_norm_(_parameters, _options.GradientNorm)))
            throw TrainingDivergedException.At("the gradient", step, rate, WhereLost(batch) ?? NonFinite.InGradients(_net));
        LearningRate = rate;
        _optimizer.Step(rate);
        _optimizer.ZeroGradients();
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

        _optimizer.VisitState(state);
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
        _optimizer.Dispose();
        foreach (SwitchableNet replica in _replicas.Skip(1))
        {
            replica.Dispose();
        }
    }

    private void FitClips(Precision precision, ImageBatch some, int step, double rate)
    {
        try
        {
            _net.Forward(some.Images, precision, ForwardMode.FittingClips);
        }
        catch (NotFiniteNumberException)
        {
            // No clip suits values that are not finite.
            if (NonFinite.InForward(_net, some.Images, precision) is not { } first)
                throw;
            throw TrainingDivergedException.At($"what {precision} clips are fitted to", step, rate, first);
        }
    }

    /// <summary>Where a forward pass of the batch meets a value that is not finite, highest precision first: ReLU hides one from the loss.</summary>
    private string? WhereLost(ReadyBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor images = ImageBatch.Of(batch, 0, batch.Count).Images;
        return _net.Precisions.Reverse().Select(p => NonFinite.InForward(_net, images, p)).FirstOrDefault(first => first is not null);
    }

    private void TrainShard(int step, double rate, double beta, int shard, ImageBatch data, double share)
    {
        SwitchableNet net = _replicas[shard];
        CascadePass.Backward(
            net.Precisions, precision => net.Forward(data.Images, precision, ForwardMode.Training), data.Labels, share, beta, _options,
            (i, loss, scores) =>
            {
                if (!float.IsFinite(loss))
                    throw TrainingDivergedException.At($"the {net.Precisions[i]} loss", step, rate, NonFinite.InForward(net, data.Images, net.Precisions[i]));
                _reports[shard].Record(i, loss * share, Evaluation.CountCorrect(scores, data.Labels));
            });
    }
}
