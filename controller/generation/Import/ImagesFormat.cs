using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>The project's own file of labelled images, as every run folder holds one.</summary>
public sealed class ImagesFormat : ICalibrationFormat
{
    /// <inheritdoc/>
    public string Extension => ".images";

    /// <inheritdoc/>
    public CalibrationImages Read(string path, TensorShape shape) => new(ImageFile.Read(path), HasLabels: true);
}
