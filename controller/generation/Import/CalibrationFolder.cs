using System.Globalization;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>Reads all calibration images of a folder, file after file in the order of their names.</summary>
/// <param name="formats">Kinds of files; others in the folder are passed over.</param>
public sealed class CalibrationFolder(IReadOnlyList<ICalibrationFormat> formats)
{
    /// <summary>Every format that is read.</summary>
    public static IReadOnlyList<ICalibrationFormat> Formats { get; } =
        [new ImagesFormat(), new NumpyFormat(), new DecodedFormat(".png"), new DecodedFormat(".jpg"), new DecodedFormat(".jpeg")];

    /// <summary>Reads the folder.</summary>
    /// <param name="folder">Its files, not those of folders inside it.</param>
    /// <param name="shape">Of an image, as the network reads it.</param>
    /// <param name="classes">That labels may name: 0 up to one less.</param>
    /// <param name="labels">A text file with the class of each image, a number a line; null takes the labels that the files bring, if all do.</param>
    /// <exception cref="InvalidDataException">No images, images of another shape, or labels that do not fit.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public CalibrationImages Read(string folder, TensorShape shape, int classes, string? labels)
    {
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}' with images to calibrate with.");
        List<CalibrationImages> sets = [];
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (formats.FirstOrDefault(f => path.EndsWith(f.Extension, StringComparison.OrdinalIgnoreCase)) is not { } format)
                continue;
            CalibrationImages set = format.Read(path, shape);
            if (set.Images.Shape != shape)
                throw new InvalidDataException($"'{path}' holds images of {set.Images.Shape}, the network reads {shape}.");
            sets.Add(set);
        }

        if (sets.Sum(s => s.Images.Count) == 0)
            throw new InvalidDataException($"'{folder}' holds no images to calibrate with: files ending in {string.Join(", ", formats.Select(f => f.Extension))} are read.");
        byte[] pixels = [.. sets.SelectMany(s => s.Images.Pixels)];
        byte[] named = labels is null ? [.. sets.SelectMany(s => s.Images.Labels)] : Labels(labels, sets.Sum(s => s.Images.Count));
        bool labelled = labels is not null || sets.TrueForAll(s => s.HasLabels);
        int wrong = labelled ? Array.FindIndex(named, c => c >= classes) : -1;
        return wrong < 0
            ? new CalibrationImages(new ImageSet(shape, pixels, named), labelled)
            : throw new InvalidDataException($"Image {wrong + 1} in '{labels ?? folder}' is of class {named[wrong]}, the network has classes 0 to {classes - 1}.");
    }

    private static byte[] Labels(string path, int images)
    {
        string[] lines = [.. File.ReadLines(path).Where(l => l.Trim().Length > 0)];
        if (lines.Length != images)
            throw new InvalidDataException($"'{path}' holds {lines.Length} labels for {images} images.");
        byte[] labels = new byte[images];
        for (int i = 0; i < images; i++)
        {
            labels[i] = byte.TryParse(lines[i].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out byte label)
                ? label
                : throw new InvalidDataException($"'{path}' says '{lines[i].Trim()}' of image {i + 1}: a class number from 0 to {byte.MaxValue} is accepted.");
        }

        return labels;
    }
}
