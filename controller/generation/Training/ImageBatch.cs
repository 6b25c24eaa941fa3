using System.Buffers;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>Tensors of some images; they belong to the innermost dispose scope.</summary>
/// <param name="Images">[n, channels, height, width], 0..1, in the order that the operators read fastest.</param>
/// <param name="Labels">[n], int64.</param>
internal readonly record struct ImageBatch(Tensor Images, Tensor Labels)
{
    /// <summary>The images from..to-1 of a batch.</summary>
    public static ImageBatch Of(ReadyBatch batch, int from, int to) => Of(batch.Values(from, to), batch.Labels(from, to), batch.Shape);

    /// <summary>All of the images, unchanged.</summary>
    public static ImageBatch Of(LabeledImages source)
    {
        float[] values = ArrayPool<float>.Shared.Rent(source.Pixels.Length);
        long[] labels = ArrayPool<long>.Shared.Rent(source.Count);
        try
        {
            ImageSet.Scale(source.Pixels.Span, values);
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
        FusedOperators.Arrange(tensor(values, labels.Length, shape.Channels, shape.Height, shape.Width)),
        tensor(labels, labels.Length));
}
