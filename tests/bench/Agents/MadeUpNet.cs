using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;

namespace InstantNet.Bench.Agents;

/// <summary>Networks with random weights: as large and as fast as trained ones, which is all that a measurement of time needs.</summary>
internal static class MadeUpNet
{
    private const int CalibrationImages = 4;
    private const float Bias = 0.1f;

    /// <summary>The network at each precision, all of the same float weights.</summary>
    /// <param name="net">Without normalisation of its own.</param>
    /// <param name="precisions">At most 16 bits, or float.</param>
    /// <param name="seed">Of weights and calibration images.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    public static IReadOnlyList<TrainedVariant> Make(NetSpec net, IReadOnlyList<Precision> precisions, int seed, CancellationToken cancellationToken)
    {
        Random random = new(seed);
        TrainedVariant plain = Float(net, random);
        TensorStatistics statistics = TensorStatistics.Collect(net, plain, Noise(net.Input, CalibrationImages, random), cancellationToken);
        PostTrainingQuantizer quantizer = new(net, plain, statistics);
        return [.. precisions.Select(p => p.IsFloat ? plain : quantizer.Quantize(p, correction: 0))];
    }

    /// <summary>Images of random pixels.</summary>
    public static ImageSet Noise(TensorShape shape, int count, Random random)
    {
        byte[] pixels = new byte[count * shape.Count];
        random.NextBytes(pixels);
        return new ImageSet(shape, pixels, new byte[count]);
    }

    private static TrainedVariant Float(NetSpec net, Random random)
    {
        Dictionary<string, TrainedConvolution> convolutions = [];
        Dictionary<string, TrainedDense> dense = [];
        foreach (LayerSpec layer in net.Layers)
        {
            if (layer is ConvSpec conv)
                convolutions[conv.Name] = Layer(net, conv.Input, conv.WeightCount, conv.OutChannels, random).AsConvolution();
            else if (layer is DenseSpec hidden)
                dense[hidden.Name] = Layer(net, hidden.Input, hidden.InFeatures * hidden.OutFeatures, hidden.OutFeatures, random);
        }

        LinearSpec last = (LinearSpec)net.Layers[^1];
        TrainedDense scores = Layer(net, last.Input, last.InFeatures * last.OutFeatures, last.OutFeatures, random);
        return new TrainedVariant(Precision.Full, convolutions, new TrainedClassifier(scores.Weights, scores.Bias), new Dictionary<string, ActivationQuantizer>())
        {
            Dense = dense,
        };
    }

    /// <summary>Weights that neither fade nor explode over many layers: variance 2 / inputs after a ReLU (He et al., ICCV 2015), else 1 / inputs.</summary>
    private static TrainedDense Layer(NetSpec net, string input, int weights, int outputs, Random random)
    {
        double variance = (BitPlan.IsSigned(net, input) ? 1.0 : 2.0) / (weights / outputs);
        float half = (float)Math.Sqrt(3 * variance); // of a uniform distribution
        float[] values = new float[weights], bias = new float[outputs];
        for (int i = 0; i < weights; i++)
            values[i] = half * ((2 * random.NextSingle()) - 1);
        Array.Fill(bias, Bias);
        return new TrainedDense(values, bias);
    }
}
