using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

/// <summary>
/// An exported integer network, computed bit for bit as ONNX Runtime does on x64: int32 sums, one float32 multiplication per output in the
/// engine's order, round half to even, saturation, then the clip below 8 bits.
/// </summary>
internal static class IntegerReference
{
    /// <summary>Codes of every tensor of one image, and the logits.</summary>
    public static (Dictionary<string, byte[]> Codes, float[] Logits) Run(NetSpec net, TrainedVariant variant, ReadOnlySpan<float> image)
    {
        Dictionary<string, byte[]> codes = [];
        ActivationQuantizer x = variant.Activations[NetSpec.InputName];
        codes[NetSpec.InputName] = [.. Normalize(net, image.ToArray()).Select(v => Code(v / x.Scale, x))];
        float[] logits = [];
        foreach (LayerSpec layer in net.Layers)
        {
            switch (layer)
            {
                case ConvSpec c:
                    codes[c.Name] = Convolve(net, c, variant.Convolutions[c.Name], variant, codes[c.Input]);
                    break;
                case DenseSpec d:
                    NetSpec flat = new("flat", new TensorShape(d.InFeatures, 1, 1), [d.AsConvolution() with { Input = NetSpec.InputName }, new LinearSpec("end", d.Name, d.OutFeatures, 1)]);
                    codes[d.Name] = Convolve(flat, d.AsConvolution() with { Input = NetSpec.InputName }, variant.Dense[d.Name].AsConvolution(), Renamed(variant, d.Input), codes[d.Input]);
                    break;
                case MaxPoolSpec m:
                    codes[m.Name] = [.. Taps.Windows(net, m.Input, m.Name, m.Kernel, m.Stride, m.Padding).Select(w => w.Max(i => codes[m.Input][i]))];
                    break;
                case ShuffleSpec s:
                    codes[s.Name] = FakeQuantReference.Shuffled(net, s, codes[s.Input]);
                    break;
                case AveragePoolSpec v:
                    codes[v.Name] = Average(net, v, variant, codes[v.Input]);
                    break;
                case AddSpec a:
                    codes[a.Name] = Add(a, variant, codes[a.Left], codes[a.Right]);
                    break;
                case GlobalPoolSpec p:
                    codes[p.Name] = Pool(net, p, variant, codes[p.Input]);
                    break;
                case LinearSpec l:
                    logits = Classify(l, variant, codes[l.Input]);
                    break;
            }
        }

        return (codes, logits);
    }

    private static byte[] Convolve(NetSpec net, ConvSpec layer, TrainedConvolution trained, TrainedVariant variant, byte[] input)
    {
        ActivationQuantizer from = variant.Activations[layer.Input], to = variant.Activations[layer.Name];
        IntegerConvolution folded = IntegerConvolution.Fold(
            layer, trained, BitPlan.Weights(layer, variant.Precision), from, to);
        byte[] output = new byte[net.ShapeOf(layer.Name).Count];
        Taps.ForEach(net, layer, (at, channel, taps) =>
        {
            int sum = folded.Biases[channel];
            foreach ((int read, int weight) in taps)
                sum = checked(sum + (input[read] - from.ZeroPoint) * folded.Codes[weight]);
            output[at] = Code(sum * (from.Scale * folded.Scales[channel] / to.Scale), to);
        });
        return output;
    }

    private static byte[] Add(AddSpec layer, TrainedVariant variant, byte[] left, byte[] right)
    {
        ActivationQuantizer l = variant.Activations[layer.Left], r = variant.Activations[layer.Right], to = variant.Activations[layer.Name];
        float byLeft = l.Scale / to.Scale, byRight = r.Scale / to.Scale;
        float offset = to.ZeroPoint - (byLeft * l.ZeroPoint + byRight * r.ZeroPoint);
        return [.. left.Zip(right, (a, b) =>
            Saturate(MathF.FusedMultiplyAdd(b, byRight, MathF.FusedMultiplyAdd(a, byLeft, offset)), zeroPoint: 0, to))];
    }

    private static float[] Normalize(NetSpec net, float[] image) => net.Normalization is not { } n
        ? image
        : [.. image.Select((v, i) => (v - n.Means[i / net.Input.Pixels]) * n.Factors[i / net.Input.Pixels])];

    private static TrainedVariant Renamed(TrainedVariant variant, string input) =>
        variant with { Activations = new Dictionary<string, ActivationQuantizer>(variant.Activations) { [NetSpec.InputName] = variant.Activations[input] } };

    /// <summary>The engine turns each code into a float, adds in the order of the window, divides, and rounds.</summary>
    private static byte[] Average(NetSpec net, AveragePoolSpec layer, TrainedVariant variant, byte[] input)
    {
        ActivationQuantizer from = variant.Activations[layer.Input], to = variant.Activations[layer.Name];
        return [.. Taps.Windows(net, layer.Input, layer.Name, layer.Kernel, layer.Stride, layer.Padding).Select(window =>
        {
            float sum = 0;
            foreach (int at in window)
                sum += from.Scale * (input[at] - from.ZeroPoint);
            return Code(sum / window.Count / to.Scale, to);
        })];
    }

    private static byte[] Pool(NetSpec net, GlobalPoolSpec layer, TrainedVariant variant, byte[] input)
    {
        ActivationQuantizer from = variant.Activations[layer.Input], to = variant.Activations[layer.Name];
        int pixels = net.ShapeOf(layer.Input).Pixels;
        return [.. input.Chunk(pixels).Select(channel => Code(channel.Sum(c => c - from.ZeroPoint) * (from.Scale / (to.Scale * pixels)), to))];
    }

    private static float[] Classify(LinearSpec layer, TrainedVariant variant, byte[] input)
    {
        ActivationQuantizer from = variant.Activations[layer.Input];
        IntegerClassifier folded = IntegerClassifier.Fold(layer, variant.Classifier, BitPlan.Weights(layer, variant.Precision), from);
        return [.. Enumerable.Range(0, layer.OutFeatures).Select(c =>
        {
            int sum = folded.Biases[c];
            for (int i = 0; i < layer.InFeatures; i++)
                sum = checked(sum + (input[i] - from.ZeroPoint) * folded.Codes[c * layer.InFeatures + i]);
            return sum * (from.Scale * folded.Scales[c]);
        })];
    }

    private static byte Code(float steps, ActivationQuantizer to) => Saturate(steps, to.ZeroPoint, to);

    private static byte Saturate(float steps, int zeroPoint, ActivationQuantizer to) =>
        (byte)Math.Min(to.MaxCode, Math.Clamp(MathF.Round(steps, MidpointRounding.ToEven) + zeroPoint, 0, 255));
}
