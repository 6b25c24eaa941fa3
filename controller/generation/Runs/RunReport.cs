using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Runs;

/// <summary>What a generation run made, measured: the file run.json of a run folder.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Created">UTC.</param>
/// <param name="Seed">Of split, initial weights and order of images.</param>
/// <param name="Network">Name in <see cref="NetCatalog"/>, in the network document, or of the file that was imported.</param>
/// <param name="MultiplyAccumulates">Of one image.</param>
/// <param name="Dataset">What was learned from.</param>
/// <param name="Training">How it went.</param>
/// <param name="Variants">Fewest bits first.</param>
/// <param name="Import">Where the network came from when it was not trained here; null when it was.</param>
public sealed record RunReport(
    int V, DateTimeOffset Created, int Seed, string Network, long MultiplyAccumulates, DatasetReport Dataset, TrainingReport Training,
    IReadOnlyList<VariantReport> Variants, ImportReport? Import = null)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>The images.</summary>
/// <param name="Name">Of the data set.</param>
/// <param name="Train">Images trained on, or calibrated with.</param>
/// <param name="Test">Images measured on.</param>
/// <param name="Input">Shape of one.</param>
/// <param name="Labels">Name of each class.</param>
public sealed record DatasetReport(string Name, int Train, int Test, TensorShape Input, IReadOnlyList<string> Labels)
{
    /// <summary>Who said which images test; null in reports that are older than the member.</summary>
    public SplitOrigin? Split { get; init; }

    /// <summary>Changes to training images as <c>--augment</c> takes them, "none" included; null in reports that are older than the member.</summary>
    public string? Augmentation { get; init; }
}

/// <summary>The training.</summary>
/// <param name="Schedule">Name of the schedule, for example cdt; ptq for quantisation without training, which has no epochs and no steps.</param>
/// <param name="Epochs">Passes over the images.</param>
/// <param name="Steps">Updates of the weights, of all networks that the schedule trains.</param>
/// <param name="Seconds">Wall time, without data set and evaluation.</param>
/// <param name="ImagesPerSecond">One image is all bit-widths forward, backward, update; of the last network.</param>
/// <param name="Quantizer">Name of the quantiser; runs made before it was recorded used symmetric.</param>
public sealed record TrainingReport(
    string Schedule, double Epochs, int Steps, double Seconds, double ImagesPerSecond, string Quantizer = "symmetric");

/// <summary>One precision.</summary>
/// <param name="Bits">Bit-width.</param>
/// <param name="Model">File in the run folder.</param>
/// <param name="ModelBytes">Its size.</param>
/// <param name="Accuracy">By ONNX Runtime on all test images, 0..1; of an imported network without labels, the share that it answers as in float.</param>
/// <param name="TrainedAccuracy">The same of what was exported: by torch, or of an imported network in float on the variant's grid.</param>
/// <param name="ParityPoints">Accuracy minus trained accuracy, percentage points.</param>
/// <param name="SamePredictions">Share of images on which both agree, 0..1.</param>
/// <param name="GoldenLogits">Answers of the shipped file to the golden frames, [frame][class].</param>
public sealed record VariantReport(
    Precision Bits, string Model, long ModelBytes, double Accuracy, double TrainedAccuracy, double ParityPoints, double SamePredictions,
    IReadOnlyList<float[]> GoldenLogits);
