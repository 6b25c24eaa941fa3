using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Runs;

/// <summary>Where an imported network came from and what quantisation without training made of it.</summary>
/// <param name="Normalization">What the file expects to be done to pixel / 255; null for nothing.</param>
/// <param name="HasLabels">Whether accuracies are against labels; without them they are against the float network's own answers.</param>
/// <param name="MeasuredApart">Whether the test images are others than those that calibrated.</param>
/// <param name="SourceDifference">Largest difference of a score between the file itself and the network as imported, in ONNX Runtime.</param>
/// <param name="Fidelity">How far each precision is from float, fewest bits first.</param>
public sealed record ImportReport(
    InputNormalization? Normalization, bool HasLabels, bool MeasuredApart, float SourceDifference, IReadOnlyList<FidelityReport> Fidelity)
{
    /// <summary>Classes of the linear classifier that was fitted to the features in which the file ends; null where it brought its own.</summary>
    public int? FittedClasses { get; init; }
}

/// <summary>How far a precision's answers to the test images are from the float network's.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="SamePredictions">Share of images of which both predict the same class, 0..1.</param>
/// <param name="LogitError">Root of the mean squared difference of a score.</param>
/// <param name="LogitDeviation">Standard deviation of the float network's scores, to compare the error with.</param>
public sealed record FidelityReport(Precision Bits, double SamePredictions, double LogitError, double LogitDeviation);
