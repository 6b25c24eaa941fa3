using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>A PNG or JPEG file with one image, brought to the size that the network reads; without a label.</summary>
/// <param name="extension">How the files' names end, with the dot.</param>
public sealed class DecodedFormat(string extension) : ICalibrationFormat
{
    /// <inheritdoc/>
    public string Extension => extension;

    /// <inheritdoc/>
    public CalibrationImages Read(string path, TensorShape shape)
    {
        if (shape.Height != shape.Width || shape.Height is < ImageFormat.MinSize or > ImageFormat.MaxSize || shape.Channels is not (1 or 3))
            throw new InvalidDataException($"'{path}' cannot be made an image of {shape}: squares of {ImageFormat.MinSize} to {ImageFormat.MaxSize} pixels, grey or in colour, can.");
        ImageDecoder.Prepare();
        byte[] pixels = new byte[shape.Count];
        ImageDecoder.Decode(path, new ImageFormat(shape.Height, shape.Channels), pixels);
        return new CalibrationImages(new ImageSet(shape, pixels, [0]), HasLabels: false);
    }
}
