using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Tests.Unit.Generation.Training.Quantizers;

public sealed class DoReFaQuantizerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Weights_are_the_hand_worked_ones()
    {
        // tanh: 0.7616, -0.4621, 0.0997; stretched to 0..1 by 2 · 0.7616: 1, 0.1966, 0.5654; of three steps: 3, 1, 2.
        float[] weights = DoReFaQuantizer.RoundWeights(tensor([1f, -0.5f, 0.1f], 1, 3), 2).Elements<float>().ToArray();

        Assert.All(weights.Zip([1, -1 / 3f, 1 / 3f]), p => Assert.Equal(p.Second, p.First, 1e-6f));
    }

    [Fact]
    public void Weight_gradients_are_finite_differences_of_the_surrogate_without_rounding()
    {
        // The surrogate: tanh(w) / max|tanh(w)|, the largest included.
        float[] at = [0.9f, -0.4f, 0.05f, -0.7f], weight = [1, -2, 3, 0.5f];
        Tensor w = tensor(at, 1, 4).requires_grad_();

        DoReFaQuantizer.RoundWeights(w, 3).backward([tensor(weight, 1, 4)]);

        const double H = 1e-5;
        float[] gradient = w.Gradient()!.Elements<float>().ToArray();
        for (int i = 0; i < at.Length; i++)
        {
            Assert.Equal((Loss(i, H) - Loss(i, -H)) / (2 * H), gradient[i], 1e-4);
        }

        double Loss(int moved, double by)
        {
            double[] bent = [.. at.Select((v, i) => Math.Tanh(v + (i == moved ? by : 0)))];
            return bent.Zip(weight, (b, f) => f * b / bent.Max(Math.Abs)).Sum();
        }
    }

    [Fact]
    public void Activations_are_clipped_to_1_and_pass_gradients_inside()
    {
        LayerSpec layer = Tiny.Net.Layers.First(l => l is ConvSpec { Edge: false, Relu: true });
        Precision precision = new(2);
        using ILayerQuantizer quantizer = new DoReFaQuantizer().ForLayer(Tiny.Net, layer, [precision]);
        Tensor x = tensor([-0.5f, 0.4f, 0.9f, 1.5f], 1, 4).requires_grad_();

        Tensor y = quantizer.Round(x, null, precision, ForwardMode.Training);
        y.sum().backward();

        Assert.All(y.detach().Elements<float>().ToArray().Zip([0, 1 / 3f, 1, 1]), p => Assert.Equal(p.Second, p.First, 1e-6f));
        Assert.Equal([0, 1, 1, 0], x.Gradient()!.Elements<float>().ToArray());
    }

    [Fact]
    public void First_convolution_and_classifier_keep_their_weights()
    {
        foreach (LayerSpec layer in (LayerSpec[])[Tiny.Net.Layers[0], Tiny.Net.Layers[^1]])
        {
            using ILayerQuantizer quantizer = new DoReFaQuantizer().ForLayer(Tiny.Net, layer, [new(2)]);
            Tensor weights = randn(2, 3);
            Assert.Same(weights, quantizer.Weights(weights, new Precision(2), ForwardMode.Training));
        }
    }
}
