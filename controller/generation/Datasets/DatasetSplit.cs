using System.Text.Json.Serialization;
using InstantNet.Contracts.Messages;

namespace InstantNet.Generation.Datasets;

/// <summary>A data set ready for training: no image is in both parts.</summary>
/// <param name="Train">In an order without long runs of one class.</param>
/// <param name="Test">Likewise: the first so many images stand for all.</param>
/// <param name="ClassNames">Name of each label, in label order.</param>
/// <param name="Origin">Who said which images test.</param>
/// <param name="Augmentation">The changes that leave these classes what they are and that training makes unless told otherwise.</param>
public sealed record DatasetSplit(
    ImageSet Train, ImageSet Test, IReadOnlyList<string> ClassNames, SplitOrigin Origin, Augmentation Augmentation);

/// <summary>Who said which images of a data set test; published figures compare with the authors' split only.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<SplitOrigin>))]
public enum SplitOrigin
{
    /// <summary>The files themselves: a test part of their own.</summary>
    Files,

    /// <summary>Drawn here by seed, the same share of every class.</summary>
    Stratified,
}
