using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Generation.Export;

namespace InstantNet.Generation;

/// <summary>An exported file does not compute what was trained: nothing of it may be shipped.</summary>
/// <param name="precision">Which variant.</param>
/// <param name="parity">How far it is off.</param>
public sealed class ParityException(Precision precision, ParityCheck parity)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"The exported {precision} network is {parity?.AccuracyPoints:F2} points from the trained one on the test images; at most {ParityCheck.AllowedPoints} is accepted. Both predict the same class on {parity?.SamePredictions:P2} of them; logits differ by up to {parity?.MaxLogitDifference:G3}."));
