using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>A kind of file that calibration images may come in. Implementations keep no state.</summary>
public interface ICalibrationFormat
{
    /// <summary>How such files' names end, with the dot; compared without case.</summary>
    string Extension { get; }

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">Of the images that the network reads: what formats without a size of their own bring theirs to; others pass it over.</param>
    /// <exception cref="InvalidDataException">It is damaged or not such a file; the sentence names it.</exception>
    CalibrationImages Read(string path, TensorShape shape);
}
