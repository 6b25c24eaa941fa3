using InstantNet.Contracts;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Search;

/// <summary>Steps of the architecture parameters: down the loss at one bit-width, then down the expected cost. The weights stay as they are.</summary>
internal sealed class ArchitectureLearning : IDisposable
{
    // The paper's: 25 epochs over half of CIFAR-100's training images, 64 at a time.
    private const double PaperRate = 3e-4, PaperSteps = 25 * 25_000 / 64, MeanMomentum = 0.5, SquareMomentum = 0.999;

    private readonly SupernetCrew _crew;
    private readonly Precision _precision;
    private readonly PathPolicy _paths;
    private readonly CostTable _costs;
    private readonly double _scale;
    private readonly Adam _optimizer;
    private readonly double _rate;

    /// <param name="crew">Supernet and threads; borrowed.</param>
    /// <param name="precision">Whose loss counts.</param>
    /// <param name="paths">How many choices run.</param>
    /// <param name="costs">Of every choice.</param>
    /// <param name="band">Its middle is the cost's unit.</param>
    /// <param name="steps">That the architecture learns in: in fewer than the paper's it takes longer ones, so that it gets as far.</param>
    public ArchitectureLearning(SupernetCrew crew, Precision precision, PathPolicy paths, CostTable costs, TargetBand band, int steps)
    {
        (_crew, _precision, _paths, _costs, _scale) = (crew, precision, paths, costs, band.Middle);
        _rate = RateFor(steps);
        _optimizer = optim.Adam([crew.Net.Alpha], _rate, MeanMomentum, SquareMomentum);
    }

    /// <summary>Learning rate of so many steps.</summary>
    public static double RateFor(int steps) => PaperRate * Math.Max(1, PaperSteps / Math.Max(1, steps));

    /// <summary>Both steps.</summary>
    /// <param name="step">Of the search, from 0.</param>
    /// <param name="sample">Which choices run.</param>
    /// <param name="temperature">How soft the choice is.</param>
    /// <param name="lambda">Weight of the cost.</param>
    /// <param name="batch">Images of the architecture's half.</param>
    /// <param name="weights">Clears what the loss asks of the weights.</param>
    /// <returns>Cross-entropy before the steps.</returns>
    /// <exception cref="TrainingDivergedException">The loss or its gradient is not finite.</exception>
    public double Step(int step, PathSample sample, double temperature, double lambda, ReadyBatch batch, WeightLearning weights)
    {
        int[] parts = [.. Supernet.ActiveParts(sample.Choices, _paths.IsHard)];
        _crew.FitClips(step, parts, net => Gate.Of(net.Alpha, sample, temperature, _paths.IsHard), batch, isDue: false);
        double[] losses = new double[_crew.Shards];
        _crew.Run(batch, (shard, net, data, share) =>
        {
            Tensor logits = net.Forward(data.Images, _precision, ForwardMode.Training, Gate.Of(net.Alpha, sample, temperature, _paths.IsHard));
            Tensor loss = nn.functional.cross_entropy(logits, data.Labels) * share;
            losses[shard] = loss.ToSingle();
            loss.backward();
        });
        _crew.GatherGradients(parts, withAlpha: true);
        weights.Forget(parts);
        if (!double.IsFinite(losses.Sum()))
            throw TrainingDivergedException.At($"the {_precision} loss of the architecture", step, _rate);
        Move(step);
        using DisposeScope scope = NewDisposeScope();
        (_costs.Expected(_crew.Net.Alpha.softmax(1), _scale) * lambda).backward();
        Move(step);
        return losses.Sum();
    }

    public void Dispose() => _optimizer.Dispose();

    private void Move(int step)
    {
        _optimizer.step();
        _optimizer.zero_grad();
        foreach (float value in _crew.Net.Alpha.Elements<float>())
        {
            if (!float.IsFinite(value))
                throw TrainingDivergedException.At("the gradient of the architecture", step, _rate);
        }
    }
}
