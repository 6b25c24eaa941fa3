using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>
/// Makes the variant of a precision in each of several ways and keeps the one whose scores on calibration images are closest to the float network's.
/// </summary>
/// <remarks>
/// The ways differ in the biases: as they are; without what rounded weights add on average (half of it, all of it); or moved, layer by layer from
/// the image on, to where every channel has the mean that it has in float. Other images than those that moved them decide, where there are enough.
/// No way is best at every number of bits: the means shift with the roundings and clips of all layers before, which the second does not see and
/// the third, of few images, sees with noise.
/// </remarks>
internal sealed class MeasuredQuantizer
{
    // Means and scores of more images do not change the choice.
    private const int MostImages = 64;

    // Multiply-accumulates of all runs of one precision: a minute or so. Large networks are judged by fewer images, but by some.
    private const double Effort = 4e11;
    private const int FewestImages = 8;

    // Of a tensor that few images reach a step would overshoot.
    private const double LeastActive = 0.1;

    private static readonly double[] Corrections = [1, 0.5, 0];

    private readonly NetSpec _net;
    private readonly PostTrainingQuantizer _quantizer;
    private readonly ImageSet _images;
    private readonly ImageSet _judges;
    private readonly float[] _scores;
    private readonly TensorStatistics _float;

    /// <param name="net">The network.</param>
    /// <param name="plain">Its 32-bit values.</param>
    /// <param name="calibration">At least one image.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public MeasuredQuantizer(NetSpec net, TrainedVariant plain, ImageSet calibration, CancellationToken cancellationToken)
    {
        _net = net;
        _quantizer = new PostTrainingQuantizer(net, plain, TensorStatistics.Collect(net, plain, calibration, cancellationToken));
        int runs = net.Layers.Count + Corrections.Length;
        int most = (int)Math.Clamp(Effort / ((double)runs * net.MultiplyAccumulates), FewestImages, MostImages);
        (_images, _judges) = ImageShare.Shares(calibration, most, FewestImages);
        _scores = Scores(plain, _judges, cancellationToken);
        _float = TensorStatistics.Collect(net, plain, _images, cancellationToken);
    }

    /// <summary>The variant.</summary>
    /// <param name="precision">At most 16 bits.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    public TrainedVariant Quantize(Precision precision, CancellationToken cancellationToken)
    {
        IEnumerable<TrainedVariant> ways = Corrections.Select(c => _quantizer.Quantize(precision, c));
        if (precision.IsInteger)
            ways = ways.Append(WithMeansOfFloat(_quantizer.Quantize(precision, 1), cancellationToken));
        return ways.MinBy(v => ErrorOf(v, cancellationToken))!;
    }

    /// <summary>Squared error of a variant's scores on the images that decide.</summary>
    internal double ErrorOf(TrainedVariant variant, CancellationToken cancellationToken) =>
        Scores(variant, _judges, cancellationToken).Zip(_scores).Sum(s => ((double)s.First - s.Second) * (s.First - s.Second));

    private float[] Scores(TrainedVariant variant, ImageSet images, CancellationToken cancellationToken) =>
        new OnnxEvaluator().Evaluate(FloatModelExporter.Export(_net, variant, new ExportOptions(ImportPipeline.BatchOf(images))), images, cancellationToken).Logits;

    /// <summary>Moves the biases of a variant, which is the caller's own, and gives it back.</summary>
    private TrainedVariant WithMeansOfFloat(TrainedVariant variant, CancellationToken cancellationToken)
    {
        foreach (LayerSpec layer in _net.Layers)
        {
            (float[] bias, string input) = layer switch
            {
                ConvSpec c => (variant.Convolutions[c.Name].Beta, c.Input),
                DenseSpec d => (variant.Dense[d.Name].Bias, d.Input),
                _ => ([], ""),
            };
            if (bias.Length == 0)
                continue;
            TensorStatistics now = TensorStatistics.Collect(_net, variant, _images, [layer.Name], cancellationToken);
            double[] wanted = _float.MeanOf(layer.Name), means = now.MeanOf(layer.Name), active = now.ActiveShareOf(layer.Name);
            int pixels = means.Length / bias.Length;
            for (int c = 0; c < bias.Length; c++)
            {
                Range channel = (c * pixels)..((c + 1) * pixels);
                double off = wanted[channel].Average() - means[channel].Average();
                bias[c] += (float)(off / (BitPlan.IsSigned(_net, layer.Name) ? 1 : Math.Max(LeastActive, active[channel].Average())));
            }

            float[] weights = layer is ConvSpec ? variant.Convolutions[layer.Name].Weights : variant.Dense[layer.Name].Weights;
            PostTrainingQuantizer.Snap(layer, variant.Activations[input], new TrainedDense(weights, bias), variant.Precision);
        }

        return variant;
    }
}
