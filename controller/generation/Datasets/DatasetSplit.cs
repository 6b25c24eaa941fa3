namespace InstantNet.Generation.Datasets;

/// <summary>A data set ready for training: no image is in both parts.</summary>
/// <param name="Train">Shuffled.</param>
/// <param name="Test">Shuffled; every class has the same share of its images here.</param>
/// <param name="ClassNames">Name of each label, in label order.</param>
public sealed record DatasetSplit(ImageSet Train, ImageSet Test, IReadOnlyList<string> ClassNames);
