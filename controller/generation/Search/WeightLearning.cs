using InstantNet.Contracts;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>Steps of the supernet's weights: the choices drawn learn at every bit-width by cascade distillation; the architecture gets no gradient.</summary>
internal sealed class WeightLearning : IDisposable
{
    private readonly SupernetCrew _crew;
    private readonly SearchOptions _options;
    private readonly int _steps;
    private readonly SGD[] _decayed;
    private readonly SGD[] _undecayed;

    /// <param name="crew">Supernet and threads; borrowed.</param>
    /// <param name="options">Rates.</param>
    /// <param name="steps">Of the whole search.</param>
    public WeightLearning(SupernetCrew crew, SearchOptions options, int steps)
    {
        (_crew, _options, _steps) = (crew, options, steps);
        // One for each part, so that the velocity of a choice rests while the choice does.
        TrainingOptions training = options.Training;
        _decayed = [.. crew.Net.Parts.Select(p => optim.SGD(p.Weights, 0, training.Momentum, weight_decay: training.WeightDecay))];
        _undecayed = [.. crew.Net.Parts.Select(p => optim.SGD(p.Undecayed, 0, training.Momentum))];
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
        _crew.FitClips(step, parts, GatesOf, batch, step <= _options.Training.ClipTracking * _steps);
        double[] losses = new double[_crew.Shards];
        _crew.Run(batch, (shard, net, data, share) => losses[shard] = share * TrainShard(step, rate, net, data, share, GatesOf(net)));
        _crew.GatherGradients(parts, withAlpha: false);
        if (!double.IsFinite(nn.utils.clip_grad_norm_([.. parts.SelectMany(p => _crew.Net.Parts[p].All)], _options.Training.GradientNorm)))
            throw TrainingDivergedException.At("the gradient of the weights", step, rate);
        foreach (int part in parts)
        {
            Shared.SetRate(_decayed[part], rate);
            Shared.SetRate(_undecayed[part], rate);
            _decayed[part].step();
            _undecayed[part].step();
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
            _decayed[part].zero_grad();
            _undecayed[part].zero_grad();
        }
    }

    public void Dispose()
    {
        foreach (SGD optimizer in _decayed.Concat(_undecayed))
        {
            optimizer.Dispose();
        }
    }

    private double TrainShard(int step, double rate, Supernet net, ImageBatch data, double share, IReadOnlyList<Gate> gates)
    {
        TrainingOptions training = _options.Training;
        double warmUp = training.BetaWarmUp * _steps, beta = step < warmUp ? training.Beta * step / warmUp : training.Beta, sum = 0;
        List<Tensor> teachers = [];
        foreach (Precision precision in net.Precisions.Reverse())
        {
            using DisposeScope graph = NewDisposeScope();
            Tensor logits = net.Forward(data.Images, precision, ForwardMode.Training, gates);
            Tensor loss = CascadeDistillation.Loss(logits, teachers, data.Labels, beta, training.Distance);
            float value = loss.ToSingle();
            if (!float.IsFinite(value))
                throw TrainingDivergedException.At($"the {precision} loss of the weights", step, rate);
            (loss * (share / net.Precisions.Count)).backward();
            sum += value;
            teachers.Add(logits.detach().MoveToOuterDisposeScope());
        }

        return sum / net.Precisions.Count;
    }
}
