using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Import;

/// <summary>Images to calibrate and measure with.</summary>
/// <param name="Images">At least one where a folder was read; labels are all 0 without <paramref name="HasLabels"/>.</param>
/// <param name="HasLabels">Whether the labels mean something.</param>
public sealed record CalibrationImages(ImageSet Images, bool HasLabels)
{
    /// <summary>Sees that something can be learned from them.</summary>
    /// <param name="learner">Who needs that, to begin the sentence with.</param>
    /// <exception cref="InvalidDataException">No labels, or too few images to leave some to measure with.</exception>
    internal void RequireLessons(string learner)
    {
        if (!HasLabels)
            throw new InvalidDataException($"{learner} needs the class of each image: --labels with a text file, or *.images files, which hold labels.");
        if (Images.Count < ImageShare.FewestToSplit)
            throw new InvalidDataException($"{learner} needs {ImageShare.FewestToSplit} images or more, there are {Images.Count}.");
    }
}
