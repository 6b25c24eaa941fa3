using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>Images with their classes, in plain memory; borrowed, never copied.</summary>
public sealed class LabeledImages
{
    /// <param name="pixels">[count, channels, height, width], row-major, 0..255.</param>
    /// <param name="labels">[count], classes from 0.</param>
    /// <param name="shape">Of one image.</param>
    /// <exception cref="ArgumentException">There are no images, or the pixels are not as many as the labels need.</exception>
    public LabeledImages(ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels, TensorShape shape)
    {
        if (labels.IsEmpty)
            throw new ArgumentException("There are no images.", nameof(labels));
        if (pixels.Length != (long)labels.Length * shape.Count)
            throw new ArgumentException($"{labels.Length} images of {shape} need {(long)labels.Length * shape.Count} pixels, not {pixels.Length}.", nameof(pixels));
        Pixels = pixels;
        Labels = labels;
        Shape = shape;
    }

    /// <summary>[count, channels, height, width], row-major, 0..255.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    /// <summary>[count], classes from 0.</summary>
    public ReadOnlyMemory<byte> Labels { get; }

    /// <summary>Shape of one image.</summary>
    public TensorShape Shape { get; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>A run of the images, sharing their memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The run does not lie inside.</exception>
    public LabeledImages Slice(int start, int count) =>
        new(Pixels.Slice(start * Shape.Count, count * Shape.Count), Labels.Slice(start, count), Shape);

    /// <summary>At most so many images, evenly spread over all, copied.</summary>
    public LabeledImages Spread(int most)
    {
        int count = Math.Min(most, Count);
        byte[] pixels = new byte[count * Shape.Count], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            int at = (int)((long)i * Count / count);
            Image(at).CopyTo(pixels.AsSpan(i * Shape.Count));
            labels[i] = Labels.Span[at];
        }

        return new LabeledImages(pixels, labels, Shape);
    }

    /// <summary>Pixels of one image.</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.Span.Slice(index * Shape.Count, Shape.Count);
}
