using InstantNet.Contracts;

namespace InstantNet.Generation.Runs;

/// <summary>A line of a run folder's metrics.jsonl: how training went, or what the network answered to test images in the middle of it.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Step">Steps done, of all networks that the schedule trains.</param>
/// <param name="Epoch">Passes over the images done, by the network at work.</param>
/// <param name="LearningRate">Of the latest step.</param>
/// <param name="Loss">Mean over precisions and recent batches; null in a line of an evaluation.</param>
/// <param name="Accuracy">Of recent training batches, fewest bits first; null in a line of an evaluation.</param>
/// <param name="ImagesPerSecond">Since the process began; null in a line of an evaluation.</param>
/// <param name="Evaluation">Of test images, fewest bits first, statistics not recalibrated; null in a line of training.</param>
/// <param name="TestImages">How many, the first ones; null in a line of training.</param>
public sealed record MetricsLine(
    int V, int Step, double Epoch, double LearningRate, double? Loss = null, IReadOnlyList<MeasuredAccuracy>? Accuracy = null,
    double? ImagesPerSecond = null, IReadOnlyList<MeasuredAccuracy>? Evaluation = null, int? TestImages = null)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>Accuracy at one precision.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Accuracy">0..1.</param>
public sealed record MeasuredAccuracy(Precision Bits, double Accuracy);
