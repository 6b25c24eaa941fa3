using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

/// <summary>
/// What training computes, in double precision and with loops a reader can check: weights and activations snapped to their grids, batch norm
/// as a separate step. Knows nothing of folding. At 32 bits nothing is snapped.
/// </summary>
internal static class FakeQuantReference
{
    /// <summary>Every tensor of one image: values after the quantiser. The classifier's scores stand under its layer's name.</summary>
    public static Dictionary<string, double[]> Run(NetSpec net, TrainedVariant variant, ReadOnlySpan<float> image)
    {
        Dictionary<string, double[]> tensors = new() { [NetSpec.InputName] = Snap(variant, NetSpec.InputName, Normalize(net, image.ToArray())) };
        foreach (LayerSpec layer in net.Layers)
            tensors[layer.Name] = Snap(variant, layer.Name, Raw(net, variant, layer, t => tensors[t]));
        return tensors;
    }

    /// <summary>Output of one layer before its quantiser, ReLU included.</summary>
    public static double[] Raw(NetSpec net, TrainedVariant variant, LayerSpec layer, Func<string, double[]> read) => layer switch
    {
        ConvSpec c => Convolve(net, c, variant.Convolutions[c.Name], BitPlan.Weights(c, variant.Precision), read(c.Input)),
        AddSpec a => [.. read(a.Left).Zip(read(a.Right), (l, r) => Rectify(l + r, a.Relu, a.Ceiling))],
        MaxPoolSpec m => [.. Taps.Windows(net, m.Input, m.Name, m.Kernel, m.Stride, m.Padding).Select(w => w.Max(i => read(m.Input)[i]))],
        ShuffleSpec s => Shuffled(net, s, read(s.Input)),
        AveragePoolSpec v => [.. Taps.Windows(net, v.Input, v.Name, v.Kernel, v.Stride, v.Padding).Select(w => w.Average(i => read(v.Input)[i]))],
        DenseSpec d => [.. Multiply(variant.Dense[d.Name].Weights, variant.Dense[d.Name].Bias, BitPlan.Weights(d, variant.Precision), read(d.Input))
            .Select(v => Rectify(v, d.Relu, d.Ceiling))],
        GlobalPoolSpec p => [.. read(p.Input).Chunk(net.ShapeOf(p.Input).Pixels).Select(channel => channel.Average())],
        LinearSpec l => Multiply(variant.Classifier.Weights, variant.Classifier.Bias, BitPlan.Weights(l, variant.Precision), read(l.Input)),
        _ => throw new NotSupportedException(),
    };

    /// <summary>As ShuffleNet draws it: channels in a table of one row per group, read column by column.</summary>
    public static T[] Shuffled<T>(NetSpec net, ShuffleSpec layer, T[] input)
    {
        T[][] channels = [.. input.Chunk(net.ShapeOf(layer.Input).Pixels)];
        T[][][] rows = [.. channels.Chunk(channels.Length / layer.Groups)];
        return [.. Enumerable.Range(0, rows[0].Length).SelectMany(column => rows.SelectMany(row => row[column]))];
    }

    public static int[] Codes(double[] values, ActivationQuantizer q) =>
        [.. values.Select(v => (int)Math.Clamp(Math.Round(v / q.Scale, MidpointRounding.ToEven) + q.ZeroPoint, 0, q.MaxCode))];

    public static double[] Values(IEnumerable<int> codes, ActivationQuantizer q) => [.. codes.Select(c => (double)q.Scale * (c - q.ZeroPoint))];

    private static double[] Snap(TrainedVariant variant, string tensor, double[] values) =>
        variant.Activations.TryGetValue(tensor, out ActivationQuantizer q) ? Values(Codes(values, q), q) : values;

    private static double[] SnapWeights(float[] weights, int rows, int bits)
    {
        if (bits == Precision.MaxBits)
            return [.. weights.Select(w => (double)w)];
        int max = (1 << (bits - 1)) - 1;
        return [.. weights.Chunk(weights.Length / rows).SelectMany(row =>
        {
            float scale = row.Max(MathF.Abs) / max;
            return row.Select(w => scale == 0 ? 0 : (double)scale * MathF.Round(w / scale, MidpointRounding.ToEven));
        })];
    }

    /// <summary>The image as the first layer reads it, unrounded.</summary>
    public static double[] Normalize(NetSpec net, float[] image) => net.Normalization is not { } n
        ? [.. image.Select(v => (double)v)]
        : [.. image.Select((v, i) => ((double)v - n.Means[i / net.Input.Pixels]) * n.Factors[i / net.Input.Pixels])];

    private static double Rectify(double value, bool relu, float? ceiling) => relu ? Math.Clamp(value, 0, ceiling ?? double.MaxValue) : value;

    private static double[] Multiply(float[] master, float[] bias, int bits, double[] input)
    {
        double[] weights = SnapWeights(master, bias.Length, bits);
        return [.. bias.Select((b, c) => b + Enumerable.Range(0, input.Length).Sum(i => weights[c * input.Length + i] * input[i]))];
    }

    private static double[] Convolve(NetSpec net, ConvSpec layer, TrainedConvolution trained, int bits, double[] input)
    {
        double[] weights = SnapWeights(trained.Weights, layer.OutChannels, bits);
        double[] output = new double[net.ShapeOf(layer.Name).Count];
        Taps.ForEach(net, layer, (at, channel, taps) =>
        {
            double sum = 0;
            foreach ((int read, int weight) in taps)
                sum += input[read] * weights[weight];
            double normal = (sum - trained.Mean[channel]) / Math.Sqrt(trained.Variance[channel] + trained.Epsilon);
            double value = trained.Gamma[channel] * normal + trained.Beta[channel];
            output[at] = Rectify(value, layer.Relu, layer.Ceiling);
        });
        return output;
    }
}
