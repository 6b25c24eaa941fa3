namespace InstantNet.Generation.Datasets;

/// <summary>Labels of a file are its data set's classes, or the file is refused.</summary>
internal static class LabelRange
{
    /// <param name="file">For the sentence.</param>
    /// <param name="labels">Of the file's images, in their order.</param>
    /// <param name="classes">How many there are.</param>
    /// <exception cref="InvalidDataException">A label is too large; the sentence says which.</exception>
    public static void RefuseOutside(string file, ReadOnlySpan<byte> labels, int classes)
    {
        int bad = labels.IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        if (bad >= 0)
            throw new InvalidDataException($"'{file}' labels image {bad} (from 0) as class {labels[bad]}; 0 to {classes - 1} is accepted.");
    }
}
