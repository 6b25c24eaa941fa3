using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Bench.Train;

/// <summary>
/// The same training as PyTorch code does it: contiguous NCHW, elementary operators that bring their own threads, the whole batch at once. Batch
/// norms therefore see the whole batch, where the product's see a shard; with one shard both compute the same loss. Its tensors live on
/// plain malloc.
/// </summary>
internal sealed class ComposedPath : ITrainingPath
{
    private readonly SwitchableNet _net;
    private readonly TrainingOptions _options;
    private readonly BatchFeed _batches;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly MasterSgd _optimizer;
    private readonly int _steps;
    private int _step;

    public ComposedPath(NetSpec spec, TrainingOptions options, LabeledImages images)
    {
        _options = options;
        _net = new SwitchableNet(spec, options.Precisions, new Random(options.Seed), new ComposedQuantizer());
        _parameters = [.. _net.Weights, .. _net.Undecayed];
        _optimizer = new MasterSgd(_net.Weights, _net.Undecayed, options);
        _steps = options.StepsFor(images.Count);
        _batches = new BatchFeed(images, options.BatchSize, options.Augmentation, options.Seed);
    }

    public int Workers => 1;

    public double Step()
    {
        using IDisposable plain = FusedOperators.PlainMemory();
        using DisposeScope scope = NewDisposeScope();
        ReadyBatch batch = _batches.Next();
        Tensor images = tensor(batch.Values(0, batch.Count), batch.Count, batch.Shape.Channels, batch.Shape.Height, batch.Shape.Width);
        Tensor labels = tensor(batch.Labels(0, batch.Count), batch.Count);
        if (_step == 0)
            FitClips(images);
        double total = 0;
        CascadePass.Backward(
            _net.Precisions, precision => _net.Forward(images, precision, ForwardMode.Training), labels, share: 1, _options.Beta, _options,
            (_, loss, _) => total += loss);
        nn.utils.clip_grad_norm_(_parameters, _options.GradientNorm);
        _optimizer.Step(_options.LearningRate.At(_step++, _steps));
        _optimizer.ZeroGradients();
        _net.RestrainQuantizers();
        return total / _net.Precisions.Count;
    }

    public void Dispose()
    {
        _batches.Dispose();
        _optimizer.Dispose();
        _net.Dispose();
    }

    /// <summary>As the product does before its first step.</summary>
    private void FitClips(Tensor images)
    {
        using IDisposable off = no_grad();
        Tensor some = images.narrow(0, 0, Math.Min(ClipFitting.Images, images.shape[0]));
        foreach (Precision precision in _net.Precisions.Where(p => !BitPlan.IsFloat(p)))
        {
            using DisposeScope scope = NewDisposeScope();
            _net.Forward(some, precision, ForwardMode.FittingClips);
        }
    }
}
