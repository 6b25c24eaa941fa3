using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>One change to one image; the default value changes nothing.</summary>
/// <param name="Down">Pixels that the image moves down, negative for up; zeros come in.</param>
/// <param name="Right">Pixels that it moves right, negative for left; zeros come in.</param>
/// <param name="Mirror">Whether it is then mirrored left to right.</param>
public readonly record struct ImageMove(int Down, int Right, bool Mirror)
{
    /// <summary>Writes the changed image as networks read it: pixel / 255, 0..1.</summary>
    /// <param name="pixels">[channels, height, width].</param>
    /// <param name="shape">Of the image.</param>
    /// <param name="destination">As many floats.</param>
    public void Apply(ReadOnlySpan<byte> pixels, TensorShape shape, Span<float> destination)
    {
        if (this == default)
        {
            ImageSet.Scale(pixels, destination);
            return;
        }

        // Of a row, the columns that come from the image: one stretch, whatever is left and right of it is zero.
        int from = Math.Max(0, -Right), count = Math.Max(0, shape.Width - Math.Abs(Right)), to = Math.Max(0, Right);
        destination.Clear();
        for (int row = 0; row < shape.Channels * shape.Height; row++)
        {
            int y = row % shape.Height - Down;
            if (y < 0 || y >= shape.Height || count == 0)
                continue;
            Span<float> line = destination.Slice(row * shape.Width, shape.Width);
            ImageSet.Scale(pixels.Slice((row - Down) * shape.Width + from, count), line[to..]);
            if (Mirror)
                line.Reverse();
        }
    }
}
