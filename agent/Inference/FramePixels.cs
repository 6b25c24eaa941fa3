using System.Numerics;

namespace InstantNet.Agent.Inference;

/// <summary>From a frame's bytes to what networks read.</summary>
internal static class FramePixels
{
    private const float FullScale = 255f;

    /// <summary>Writes value / 255, correctly rounded like the division it is, so that golden answers match to the bit.</summary>
    /// <param name="pixels">Unsigned bytes.</param>
    /// <param name="values">As many floats.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static void Scale(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        if (pixels.Length != values.Length)
            throw new ArgumentException($"A frame of {pixels.Length} bytes was given to an input of {values.Length} values.", nameof(pixels));
        Vector<float> scale = new(FullScale);
        int i = 0;
        for (; i <= pixels.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(pixels[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Store(low, scale, values[i..]);
            Store(high, scale, values[(i + Vector<ushort>.Count)..]);
        }

        for (; i < pixels.Length; i++)
            values[i] = pixels[i] / FullScale;
    }

    private static void Store(Vector<ushort> pixels, Vector<float> scale, Span<float> values)
    {
        Vector.Widen(pixels, out Vector<uint> low, out Vector<uint> high);
        (Vector.ConvertToSingle(Vector.AsVectorInt32(low)) / scale).CopyTo(values);
        (Vector.ConvertToSingle(Vector.AsVectorInt32(high)) / scale).CopyTo(values[Vector<float>.Count..]);
    }
}
