using InstantNet.Generation.Datasets;

namespace InstantNet.Generation.Import;

/// <summary>The project's own file of labelled images, as every run folder holds one.</summary>
public sealed class ImagesFormat : ICalibrationFormat
{
    /// <inheritdoc/>
    public string Extension => ".images";

    /// <inheritdoc/>
    public CalibrationImages Read(string path) => new(ImageFile.Read(path), HasLabels: true);
}
