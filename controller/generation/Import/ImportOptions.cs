using InstantNet.Contracts;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Import;

/// <summary>What to import and how to calibrate it.</summary>
/// <param name="ModelFile">Path of the float ONNX file.</param>
/// <param name="ImageFolder">Folder with images to calibrate and measure with.</param>
/// <param name="LabelFile">Text file with their classes, a number a line; null takes the labels that the images bring, if any.</param>
/// <param name="Precisions">Bit-widths to make; at least one, each 2 to 16 or 32.</param>
/// <param name="Normalization">What the file expects to be done to pixel / 255 before it reads it; null for nothing.</param>
public sealed record ImportOptions(
    string ModelFile, string ImageFolder, string? LabelFile, IReadOnlyList<Precision> Precisions, InputNormalization? Normalization)
{
    /// <summary>How to train the network further, at the precisions above; null to quantise it as it is.</summary>
    public TrainingOptions? FineTuning { get; init; }
}
