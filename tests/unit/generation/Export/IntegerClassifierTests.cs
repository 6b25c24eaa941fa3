using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

public class IntegerClassifierTests
{
    private static readonly LinearSpec Layer = new("l", "x", 2, 1);
    private static readonly ActivationQuantizer Input = new(0.05f, 0, 8);

    [Theory]
    [InlineData(1f, 0.7f)]
    [InlineData(0f, 0.7f)]
    [InlineData(0f, 0f)]
    [InlineData(1e-20f, -3f)]
    [InlineData(1e-7f, 1000f)]
    public void Weights_and_bias_survive_however_small_the_weights_are(float weight, float bias)
    {
        IntegerClassifier folded = IntegerClassifier.Fold(Layer, new TrainedClassifier([weight, -weight / 2], [bias]), 8, Input);

        double step = (double)Input.Scale * folded.Scales[0];
        Assert.True(folded.Scales[0] > 0);
        Assert.Equal(bias, folded.Biases[0] * step, Math.Max(step / 2, Math.Abs(bias) * 1e-6));
        Assert.Equal(weight, folded.Codes[0] * folded.Scales[0], Math.Max(Math.Abs(weight) * 1e-6, folded.Scales[0] / 1.9));
        Assert.InRange(checked(Math.Abs(folded.Biases[0]) + 2 * 127 * 255), 0, int.MaxValue);
    }

    [Fact]
    public void A_bias_that_is_not_finite_is_refused() =>
        Assert.Contains("class 0", Assert.Throws<ArgumentException>(() =>
            IntegerClassifier.Fold(Layer, new TrainedClassifier([1, 1], [float.NaN]), 8, Input)).Message, StringComparison.Ordinal);

    [Fact]
    public void Values_that_do_not_fit_the_layer_are_refused() =>
        Assert.Throws<ArgumentException>(() => IntegerClassifier.Fold(Layer, new TrainedClassifier([1], [0]), 8, Input));
}
