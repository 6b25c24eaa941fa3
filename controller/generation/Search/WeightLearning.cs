using InstantNet.Contracts;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>Steps of the supernet's weights: the choices drawn learn at every bit-width by cascade distillation; the architecture gets no gradient.</summary>
internal sealed class WeightLearning : IDisposable
{
    private readonly SupernetCrew _crew;
    private readonly SearchOptions _options;
    private readonly int _steps;
    private readonly MasterSgd[] _optimizers;

    /// <param name="crew">Supernet and threads; borrowed.</param>
    /// <param name="options">Rates.</param>
    /// <param name="steps">Of the whole search.</param>
    public WeightLearning(SupernetCrew crew, SearchOptions options, int steps)
    {
        (_crew, _options, _steps) = (crew, options, steps);
        // One for each part, so that the velocity of a choice rests while the choice does.
        _optimizers = [.. crew.Net.Parts.Select(p => new MasterSgd(p.Weights, p.Undecayed, options.Training))];
    }

    /// <summary>One step.</summary>
    /// <param name="step">Of the search, from 0.</param>
    /// <param name="sample">Which choices run.</param>
    /// <param name="temperature">Of a mixture.</param>
    /// <param name="batch">Images of the weights' half.</param>
    /// <returns>Mean over the bit-widths of cross-entropy plus distillation, before the step.</returns>
    /// <exception cref="TrainingDivergedException">A loss or the gradient is not finite.</exception>
    public double Step(int step, PathSample sample, double temperature, ReadyBatch batch)
    {
        double rate = _options.WeightRate.At(step, _steps);
        bool isHard = _options.Paths.ForWeights == 1;
        int[] parts = [.. Supernet.ActiveParts(sample.Choices, isHard)];
        _crew.FitClips(step, parts, GatesOf, batch, ClipFitting.IsDue(step, _steps, _options.Training));
        double[] losses = new double[_crew.Shards];
        _crew.Run(batch, (shard, net, data, share) => losses[shard] = share * TrainShard(step, rate, net, data, share, GatesOf(net)));
        _crew.GatherGradients(parts, withAlpha: false);
        if (!double.IsFinite(nn.utils.clip_grad_norm_([.. parts.SelectMany(p => _crew.Net.Parts[p].All)], _options.Training.GradientNorm)))
            throw TrainingDivergedException.At("the gradient of the weights", step, rate);
        foreach (int part in parts)
        {
            _optimizers[part].Step(rate);
        }

        Forget(parts);
        _crew.Net.RestrainQuantizers();
        return losses.Sum();

        IReadOnlyList<Gate> GatesOf(Supernet net) => Gate.Of(net.Alpha.detach(), sample, temperature, isHard);
    }

    /// <summary>Clears the gradients of some parts.</summary>
    public void Forget(IEnumerable<int> parts)
    {
        foreach (int part in parts)
        {
            _optimizers[part].ZeroGradients();
        }
    }

    public void Dispose()
    {
        foreach (MasterSgd optimizer in _optimizers)
        {
            optimizer.Dispose();
        }
    }

    private double TrainShard(int step, double rate, Supernet net, ImageBatch data, double share, IReadOnlyList<Gate> gates)
    {
        TrainingOptions training = _options.Training;
        double sum = 0;
        CascadePass.Backward(
            net.Precisions, precision => net.Forward(data.Images, precision, ForwardMode.Training, gates), data.Labels, share,
            training.BetaAt(step, _steps), training,
            (i, loss, _) =>
            {
                if (!float.IsFinite(loss))
                    throw TrainingDivergedException.At($"the {net.Precisions[i]} loss of the weights", step, rate);
                sum += loss;
            });
        return sum / net.Precisions.Count;
    }
}
