using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Import;

/// <summary>Images to calibrate and measure with.</summary>
/// <param name="Images">At least one where a folder was read; labels are all 0 without <paramref name="HasLabels"/>.</param>
/// <param name="HasLabels">Whether the labels mean something.</param>
public sealed record CalibrationImages(ImageSet Images, bool HasLabels);
