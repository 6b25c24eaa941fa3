using System.Buffers;
using InstantNet.Generation.Networks;
using InstantNet.Torch;
using static InstantNet.Torch.torch;

namespace InstantNet.Generation.Training;

/// <summary>Tensors of some images; they belong to the innermost dispose scope.</summary>
/// <param name="Images">[n, channels, height, width], 0..1, channels-last.</param>
/// <param name="Labels">[n], int64.</param>
internal readonly record struct ImageBatch(Tensor Images, Tensor Labels)
{
    /// <param name="source">Where the images lie.</param>
    /// <param name="indices">Which of them.</param>
    /// <param name="augmentation">What to change.</param>
    /// <param name="random">Chance for the changes.</param>
    public static ImageBatch Of(LabeledImages source, ReadOnlySpan<int> indices, Augmentation augmentation, Random random)
    {
        TensorShape shape = source.Shape;
        float[] values = ArrayPool<float>.Shared.Rent(indices.Length * shape.Count);
        long[] labels = ArrayPool<long>.Shared.Rent(indices.Length);
        try
        {
            for (int i = 0; i < indices.Length; i++)
            {
                augmentation.Apply(source.Image(indices[i]), shape, random, values.AsSpan(i * shape.Count, shape.Count));
                labels[i] = source.Labels.Span[indices[i]];
            }

            return Of(values.AsSpan(0, indices.Length * shape.Count), labels.AsSpan(0, indices.Length), shape);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
            ArrayPool<long>.Shared.Return(labels);
        }
    }

    /// <summary>All of the images, unchanged.</summary>
    public static ImageBatch Of(LabeledImages source)
    {
        float[] values = ArrayPool<float>.Shared.Rent(source.Pixels.Length);
        long[] labels = ArrayPool<long>.Shared.Rent(source.Count);
        try
        {
            Augmentation.Scale(source.Pixels.Span, values);
            for (int i = 0; i < source.Count; i++)
            {
                labels[i] = source.Labels.Span[i];
            }

            return Of(values.AsSpan(0, source.Pixels.Length), labels.AsSpan(0, source.Count), source.Shape);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
            ArrayPool<long>.Shared.Return(labels);
        }
    }

    private static ImageBatch Of(ReadOnlySpan<float> values, ReadOnlySpan<long> labels, TensorShape shape) => new(
        tensor(values, labels.Length, shape.Channels, shape.Height, shape.Width).contiguous(memory_format.channels_last),
        tensor(labels, labels.Length));
}
