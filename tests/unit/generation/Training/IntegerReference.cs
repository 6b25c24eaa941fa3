using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Training;

/// <summary>Runs an exported variant as integer hardware does: whole codes, whole sums, one rounding per tensor. Slow and plain.</summary>
internal sealed class IntegerReference(NetSpec net, TrainedVariant variant)
{
    /// <param name="images">[count, channels, h, w], 0..1.</param>
    /// <param name="count">Images.</param>
    /// <returns>[count, classes].</returns>
    public float[] Logits(float[] images, int count)
    {
        List<float> all = [];
        for (int n = 0; n < count; n++)
        {
            Dictionary<string, int[]> codes = new()
            {
                [NetSpec.InputName] = Codes(NetSpec.InputName, images.Skip(n * net.Input.Count).Take(net.Input.Count).Select(v => (double)v)),
            };
            foreach (LayerSpec layer in net.Layers)
            {
                switch (layer)
                {
                    case ConvSpec c:
                        codes[c.Name] = Codes(c.Name, Convolve(c, codes[c.Input]));
                        break;
                    case AddSpec a:
                        codes[a.Name] = Codes(a.Name, Values(a.Left, codes).Zip(Values(a.Right, codes), (l, r) => l + r));
                        break;
                    case GlobalPoolSpec p:
                        int pixels = net.ShapeOf(p.Input).Pixels;
                        codes[p.Name] = Codes(p.Name, Values(p.Input, codes).Chunk(pixels).Select(channel => channel.Average()));
                        break;
                    case LinearSpec l:
                        double[] x = [.. Values(l.Input, codes)];
                        (int[][] w, double[] scales) = Grid(variant.Classifier.Weights, l.OutFeatures, BitPlan.Weights(l, variant.Precision));
                        all.AddRange(Enumerable.Range(0, l.OutFeatures).Select(o =>
                            (float)(w[o].Zip(x, (code, v) => code * v).Sum() * scales[o] + variant.Classifier.Bias[o])));
                        break;
                }
            }
        }

        return [.. all];
    }

    private IEnumerable<double> Convolve(ConvSpec c, int[] input)
    {
        TrainedConvolution trained = variant.Convolutions[c.Name];
        ActivationQuantizer q = variant.Activations[c.Input];
        (int[][] w, double[] scales) = Grid(trained.Weights, c.OutChannels, BitPlan.Weights(c, variant.Precision));
        TensorShape from = net.ShapeOf(c.Input), to = net.ShapeOf(c.Name);
        int perGroup = c.InChannels / c.Groups, pad = c.Padding;
        for (int o = 0; o < c.OutChannels; o++)
        {
            int group = o / (c.OutChannels / c.Groups);
            double factor = trained.Gamma[o] / Math.Sqrt(trained.Variance[o] + trained.Epsilon);
            for (int y = 0; y < to.Height; y++)
            {
                for (int x = 0; x < to.Width; x++)
                {
                    long sum = 0;
                    for (int i = 0; i < perGroup; i++)
                    {
                        for (int k = 0; k < c.Kernel * c.Kernel; k++)
                        {
                            int row = y * c.Stride + k / c.Kernel - pad, column = x * c.Stride + k % c.Kernel - pad;
                            if (row < 0 || column < 0 || row >= from.Height || column >= from.Width)
                                continue;
                            int code = input[((group * perGroup + i) * from.Height + row) * from.Width + column];
                            sum += (long)(code - q.ZeroPoint) * w[o][i * c.Kernel * c.Kernel + k];
                        }
                    }

                    double z = (sum * scales[o] * q.Scale - trained.Mean[o]) * factor + trained.Beta[o];
                    yield return c.Relu ? Math.Max(0, z) : z;
                }
            }
        }
    }

    private IEnumerable<double> Values(string tensor, Dictionary<string, int[]> codes)
    {
        ActivationQuantizer q = variant.Activations[tensor];
        return codes[tensor].Select(code => (double)q.Scale * (code - q.ZeroPoint));
    }

    private int[] Codes(string tensor, IEnumerable<double> values)
    {
        ActivationQuantizer q = variant.Activations[tensor];
        return [.. values.Select(v => Math.Clamp((int)Math.Round(v / q.Scale, MidpointRounding.ToEven) + q.ZeroPoint, 0, q.MaxCode))];
    }

    private static (int[][] Codes, double[] Scales) Grid(float[] weights, int channels, int bits)
    {
        int levels = (1 << (bits - 1)) - 1;
        float[][] rows = [.. weights.Chunk(weights.Length / channels)];
        float[] scales = [.. rows.Select(r => r.Max(MathF.Abs) / levels)];
        return ([.. rows.Select((r, o) => r.Select(v => (int)MathF.Round(v / scales[o], MidpointRounding.ToEven)).ToArray())], [.. scales.Select(s => (double)s)]);
    }
}
