using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Generation.Import;

/// <summary>What every tensor of a network holds on some images.</summary>
internal sealed class TensorStatistics
{
    private const int Batch = 16;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly int _images;

    private TensorStatistics(int images) => _images = images;

    /// <summary>Magnitudes of a tensor's values.</summary>
    public MagnitudeHistogram Of(string tensor) => _entries[tensor].Magnitudes;

    /// <summary>Mean of each value of a tensor over the images, [channels, height, width].</summary>
    public double[] MeanOf(string tensor) => [.. _entries[tensor].Sums.Select(s => s / _images)];

    /// <summary>Share of images in which each value of a tensor is not 0, 0..1, [channels, height, width].</summary>
    public double[] ActiveShareOf(string tensor) => [.. _entries[tensor].Active.Select(a => (double)a / _images)];

    /// <summary>Runs a variant in float operators, on its grids where it has some, and looks at every tensor.</summary>
    /// <param name="net">The network.</param>
    /// <param name="variant">Its values.</param>
    /// <param name="images">At least one.</param>
    /// <param name="cancellationToken">Looked at before each batch.</param>
    /// <exception cref="InvalidDataException">A value is not finite.</exception>
    public static TensorStatistics Collect(NetSpec net, TrainedVariant variant, ImageSet images, CancellationToken cancellationToken) =>
        Collect(net, variant, images, [NetSpec.InputName, .. net.Layers.SkipLast(1).Select(l => l.Name)], cancellationToken);

    /// <summary>The same of some tensors.</summary>
    public static TensorStatistics Collect(
        NetSpec net, TrainedVariant variant, ImageSet images, IReadOnlyList<string> tensors, CancellationToken cancellationToken)
    {
        string[] outputs = [.. tensors.Select(ModelTensors.Exposed)];
        TensorStatistics statistics = new(images.Count);
        foreach (string tensor in tensors)
            statistics._entries[tensor] = new Entry(new MagnitudeHistogram(), new double[net.ShapeOf(tensor).Count], new int[net.ShapeOf(tensor).Count]);
        int batch = Math.Min(Batch, images.Count);
        using SessionOptions settings = OnnxEvaluator.ExactOptions();
        using InferenceSession session = new(FloatModelExporter.Export(net, variant, new ExportOptions(batch, ExposeTensors: true)), settings);
        using RunOptions run = new();
        float[] pixels = new float[batch * net.Input.Count];
        for (int first = 0; first < images.Count; first += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batch, images.Count - first);
            images.CopyAsFloat(first, pixels.AsSpan(0, count * net.Input.Count));
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, net.Input.Channels, net.Input.Height, net.Input.Width]);
            using IDisposableReadOnlyCollection<OrtValue> values = session.Run(run, [ModelTensors.Input], [input], outputs);
            for (int t = 0; t < tensors.Count; t++)
                statistics._entries[tensors[t]].Add(tensors[t], values[t].GetTensorDataAsSpan<float>()[..(count * net.ShapeOf(tensors[t]).Count)]);
        }

        return statistics;
    }

    private sealed record Entry(MagnitudeHistogram Magnitudes, double[] Sums, int[] Active)
    {
        public void Add(string tensor, ReadOnlySpan<float> values)
        {
            for (int i = 0, at = 0; i < values.Length; i++, at = at + 1 == Sums.Length ? 0 : at + 1)
            {
                Sums[at] += float.IsFinite(values[i]) ? values[i] : throw new InvalidDataException($"Tensor '{tensor}' holds values that are not finite on the calibration images.");
                Active[at] += values[i] == 0 ? 0 : 1;
            }

            Magnitudes.Add(values);
        }
    }
}
