using InstantNet.Contracts;
using InstantNet.Generation.Search;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Tests.Unit.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Search;

public sealed class GateTests : IDisposable
{
    private const double Temperature = 0.7;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Supernet _net = new(SomeSpace.Spec, SomeSpace.Precisions, new Random(2), QuantizerCatalog.Default);

    public void Dispose()
    {
        _net.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void The_gradient_of_a_mixture_is_that_of_finite_differences(int paths)
    {
        const float Step = 0.001f; // small against the kinks of ReLU, large against the rounding of a float loss
        PathSample sample = PathSample.Draw(_net.AlphaValues(), paths, new Random(5));
        Loss(sample).backward();
        float[] gradient = _net.Alpha.Gradient()!.Elements<float>().ToArray();

        double[] differences = new double[gradient.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            _net.Alpha.Elements<float>()[i] += Step;
            double above = Loss(sample).ToSingle();
            _net.Alpha.Elements<float>()[i] -= 2 * Step;
            differences[i] = (above - Loss(sample).ToSingle()) / (2 * Step);
            _net.Alpha.Elements<float>()[i] += Step;
        }

        double largest = gradient.Max(Math.Abs);
        Assert.True(largest > 1e-3);
        Assert.All(gradient.Zip(differences), p => Assert.Equal(p.Second, p.First, 0.05 * largest));
    }

    [Fact]
    public void A_hard_choice_computes_what_the_winner_alone_computes()
    {
        PathSample two = PathSample.Draw(_net.AlphaValues(), 2, new Random(5));
        PathSample one = new([.. two.Choices.Select(c => c[..1])], [.. two.Noise.Select(n => n[..1])]);

        float[] hard = Scores(Gate.Of(_net.Alpha, two, Temperature, isHard: true)), alone = Scores(Gate.Of(_net.Alpha, one, Temperature, isHard: true));

        Assert.Equal(alone, hard);

        float[] Scores(IReadOnlyList<Gate> gates) => _net.Forward(Images(), new Precision(4), ForwardMode.Training, gates).Elements<float>().ToArray();
    }

    [Fact]
    public void A_hard_choice_passes_the_gradient_of_the_soft_weights_and_nothing_to_choices_that_did_not_run()
    {
        // Weights 0.25 and 0.75 of values 3 and 5, drawn the first: d(sum w v)/da1 = w1 w2 (v1 - v2) / T.
        Tensor alpha = tensor([(float)Math.Log(0.25), 0f, (float)Math.Log(0.75)], 1, 3).requires_grad_();
        Gate gate = Gate.Of(alpha, new PathSample([[0, 2]], [[0f, 0f]]), temperature: 1, isHard: true)[0];

        Tensor result = (gate.Weights! * tensor([3f, 5f], 2)).sum();
        result.backward();

        Assert.Equal(3f, result.ToSingle());
        Assert.Equal(0.25 * 0.75 * (3 - 5), alpha.Gradient()!.Elements<float>()[0], 5);
        Assert.Equal(0f, alpha.Gradient()!.Elements<float>()[1]);
        Assert.Equal(-0.25 * 0.75 * (3 - 5), alpha.Gradient()!.Elements<float>()[2], 5);
    }

    [Fact]
    public void A_low_temperature_makes_the_likelier_choice_count_almost_alone()
    {
        Tensor alpha = tensor([1f, 0f], 1, 2);
        PathSample both = new([[0, 1]], [[0f, 0f]]);

        Assert.Equal(1 / (1 + Math.Exp(-1)), Weight(1), 5);
        Assert.Equal(1 / (1 + Math.Exp(-10)), Weight(0.1), 5);

        double Weight(double temperature) => Gate.Of(alpha, both, temperature, isHard: false)[0].Weights!.Elements<float>()[0];
    }

    private Tensor Loss(PathSample sample)
    {
        // In float: rounding makes steps that differences would stumble over.
        Tensor logits = _net.Forward(Images(), Precision.Full, ForwardMode.Training, Gate.Of(_net.Alpha, sample, Temperature, isHard: false));
        return nn.functional.cross_entropy(logits, ImageBatch.Of(Tiny.Bars(16)).Labels);
    }

    private static Tensor Images() => ImageBatch.Of(Tiny.Bars(16)).Images;
}
