using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>One batch as networks read it, in managed memory that is filled again and again.</summary>
/// <param name="count">Images.</param>
/// <param name="shape">Of one.</param>
internal sealed class ReadyBatch(int count, TensorShape shape)
{
    private readonly float[] _values = new float[count * shape.Count];
    private readonly long[] _labels = new long[count];

    /// <summary>Images in the batch.</summary>
    public int Count => count;

    /// <summary>Shape of one image.</summary>
    public TensorShape Shape => shape;

    /// <summary>Pixels of some of the images, [to - from, channels, height, width], 0..1.</summary>
    public ReadOnlySpan<float> Values(int from, int to) => _values.AsSpan((from * shape.Count)..(to * shape.Count));

    /// <summary>Their classes, [to - from].</summary>
    public ReadOnlySpan<long> Labels(int from, int to) => _labels.AsSpan(from..to);

    /// <param name="source">Images of the batch's shape.</param>
    /// <param name="indices">Which of them, as many as the batch holds.</param>
    /// <param name="augmentation">What to change.</param>
    /// <param name="seed">Of the changes.</param>
    /// <param name="epoch">Pass over the images, from 0.</param>
    public void Fill(LabeledImages source, ReadOnlySpan<int> indices, Augmentation augmentation, int seed, int epoch)
    {
        ReadOnlySpan<byte> labels = source.Labels.Span;
        for (int i = 0; i < count; i++)
        {
            augmentation.Draw(seed, epoch, indices[i]).Apply(source.Image(indices[i]), shape, _values.AsSpan(i * shape.Count, shape.Count));
            _labels[i] = labels[indices[i]];
        }
    }
}
