using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Generation.Datasets;

/// <summary>Labelled images in memory. The arrays are shared, not copied: nobody writes to them.</summary>
public sealed record ImageSet
{
    // One division, not a multiplication by 1/255: training, calibration and evaluation must see the same float for a pixel.
    private const float PixelRange = 255f;

    /// <param name="shape">Of one image.</param>
    /// <param name="pixels">[count, channels, height, width], 0..255.</param>
    /// <param name="labels">Class of each image, [count].</param>
    /// <exception cref="ArgumentException">The arrays do not hold the same number of images.</exception>
    public ImageSet(TensorShape shape, byte[] pixels, byte[] labels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1 || pixels.Length != (long)shape.Count * labels.Length)
            throw new ArgumentException($"{labels.Length} images of {shape} need {(long)shape.Count * labels.Length} pixels, not {pixels.Length}.");
        Shape = shape;
        Pixels = pixels;
        Labels = labels;
    }

    /// <summary>Shape of one image.</summary>
    public TensorShape Shape { get; }

    /// <summary>[count, channels, height, width], row-major, 0..255.</summary>
    public byte[] Pixels { get; }

    /// <summary>Class of each image, [count].</summary>
    public byte[] Labels { get; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Pixels of one image, [channels, height, width].</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * Shape.Count, Shape.Count);

    /// <summary>Writes images as networks read them: pixel / 255, 0..1.</summary>
    /// <param name="first">Index of the first image.</param>
    /// <param name="destination">[n, channels, height, width]; its length says how many images.</param>
    public void CopyAsFloat(int first, Span<float> destination) => Scale(Pixels.AsSpan(first * Shape.Count, destination.Length), destination);

    /// <summary>Writes pixel / 255 for every pixel: all that networks ever read, with no other normalisation.</summary>
    internal static void Scale(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        destination = destination[..pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
            destination[i] = pixels[i] / PixelRange;
    }

    /// <summary>The same images as training reads them; memory is shared.</summary>
    public LabeledImages Labeled() => new(Pixels, Labels, Shape);

    /// <summary>The first images, at most all of them. Copies.</summary>
    public ImageSet Take(int count)
    {
        count = Math.Min(count, Count);
        return new ImageSet(Shape, Pixels[..(count * Shape.Count)], Labels[..count]);
    }
}
