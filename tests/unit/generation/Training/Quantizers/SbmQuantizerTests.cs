using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using static InstantNet.Tests.Unit.Generation.Training.Quantizers.ReferencePoints;

namespace InstantNet.Tests.Unit.Generation.Training.Quantizers;

public sealed class SbmQuantizerTests : IDisposable
{
    private const float Tolerance = 1e-5f;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Codes_sums_gradients_and_running_ranges_equal_the_authors_code()
    {
        using JsonDocument points = ReferencePoints.Read();
        foreach (JsonElement point in points.RootElement.GetProperty("cases").EnumerateArray())
        {
            Precision precision = new(point.GetProperty("bits").GetInt32());
            (ConvSpec layer, long stride) = Layer(point);
            using SbmLayer quantizer = new(layer, isFloat: false);
            Tensor x = Tensor(point, "x").requires_grad_(), w = Tensor(point, "weight").requires_grad_();

            Tensor read = quantizer.Read(x, precision, ForwardMode.Training), weights = quantizer.Weights(w, precision, ForwardMode.Training);
            Tensor y = Convolve(read, weights, layer, stride);
            y.backward([Ramp(y)]);

            Near(point, "y", y);
            Near(point, "grad_x", x.Gradient()!);
            Near(point, "grad_w", w.Gradient()!);
            if (precision.IsFloat)
                continue;
            Near(point, "x_q", read);
            Near(point, "w_q", weights);
            Near(point, "running_lo_after_1", quantizer.Lowest);
            Near(point, "running_range_after_1", quantizer.Range);
            quantizer.Read(x, precision, ForwardMode.Training);
            Near(point, "running_lo_after_2", quantizer.Lowest);
            Near(point, "running_range_after_2", quantizer.Range);
            Tensor half = quantizer.Read(x.detach() * 1.5, precision, ForwardMode.Inference);
            Near(point, "y_eval_of_1p5x", Convolve(half, weights, layer, stride));
        }
    }

    [Fact]
    public void First_convolution_header_and_classifier_stay_float()
    {
        Precision low = new(2);
        string[] rounded = [.. Tiny.Net.Layers.Where(l => l is ConvSpec or LinearSpec).Where(l => Rounds(l)).Select(l => l.Name)];

        Assert.Equal(Tiny.Net.Layers.OfType<ConvSpec>().Select(c => c.Name).Where(n => n is not ("stem" or "header")), rounded);

        bool Rounds(LayerSpec layer)
        {
            using ILayerQuantizer quantizer = new SbmQuantizer().ForLayer(Tiny.Net, layer, [low]);
            Tensor weights = layer is ConvSpec c ? randn(c.OutChannels, 2, 3, 3) : randn(4, 5);
            return !ReferenceEquals(weights, quantizer.Weights(weights, low, ForwardMode.Training));
        }
    }

    [Fact]
    public void Running_ranges_after_a_pass_over_the_data_are_the_mean_of_what_the_replicas_saw()
    {
        ConvSpec layer = new("c", "x", 1, 1, 1, 1, 1, Relu: true);
        using SbmLayer original = new(layer, isFloat: false);
        using ILayerQuantizer one = original.Replicate(), other = original.Replicate();
        one.Read(tensor([0f, 1f], 1, 1, 1, 2), new Precision(4), ForwardMode.Training);
        other.Read(tensor([-1f, 3f], 1, 1, 1, 2), new Precision(4), ForwardMode.Training);

        original.Adopt([one, other]);

        Assert.Equal(-0.45f, original.Lowest[0], Tolerance);
        Assert.Equal(0.9f * 2.5f, original.Range[0], Tolerance);
    }

    private static (ConvSpec Layer, long Stride) Layer(JsonElement point)
    {
        long[] input = Shape(point.GetProperty("x")), weight = Shape(point.GetProperty("weight")), output = Shape(point.GetProperty("y"));
        int groups = (int)(input[1] / weight[1]);
        return (new ConvSpec("c", NetSpec.InputName, (int)input[1], (int)weight[0], (int)weight[2], 1, groups, Relu: true), input[2] / output[2]);
    }

    private static Tensor Convolve(Tensor x, Tensor w, ConvSpec layer, long stride) =>
        nn.functional.conv2d(x, w, null, [stride, stride], [layer.Padding, layer.Padding], groups: layer.Groups);

    /// <summary>linspace(-1, 1) in the shape of y: the gradient of the reference's loss.</summary>
    private static Tensor Ramp(Tensor y)
    {
        float[] values = [.. Enumerable.Range(0, (int)y.numel()).Select(i => (float)(-1 + 2.0 * i / (y.numel() - 1)))];
        return tensor(values, y.shape);
    }

    private static Tensor Tensor(JsonElement point, string name) => tensor(Numbers(point.GetProperty(name)), Shape(point.GetProperty(name)));

    private static void Near(JsonElement point, string name, Tensor actual) => Near(point, name, (IReadOnlyList<float>)actual.detach().contiguous().Elements<float>().ToArray());

    private static void Near(JsonElement point, string name, IReadOnlyList<float> actual)
    {
        float[] expected = Numbers(point.GetProperty(name));
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= Tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"{name}[{i}] at {point.GetProperty("bits")} bits: {actual[i]}, not {expected[i]}");
        }
    }
}
