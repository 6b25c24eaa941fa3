using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Generation.Import;

/// <summary>Runs the imported file itself in ONNX Runtime and compares it with what was made of it: the proof that the import understood it.</summary>
internal static class SourceCheck
{
    // Of the largest score. Folding and other kernels round differently in the last places: under 1e-5 where it was measured.
    private const float Tolerance = 1e-3f;

    /// <summary>Compares the scores of some images.</summary>
    /// <returns>Largest difference of a score; after the softmax where the file ends with one.</returns>
    /// <exception cref="InvalidDataException">The engine does not run the file, or it answers otherwise than as imported.</exception>
    public static float Compare(byte[] file, string name, ImportedNetwork imported, ImageSet images, CancellationToken cancellationToken)
    {
        float[] ours = new OnnxEvaluator().Evaluate(FloatModelExporter.Export(imported.Net, imported.Variant, ExportOptions.Device), images, cancellationToken).Logits;
        float[] theirs;
        try
        {
            theirs = Run(file, imported, images);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"'{name}' does not run in ONNX Runtime: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        if (theirs.Length != ours.Length)
            throw new InvalidDataException($"'{name}' answers with {theirs.Length / images.Count} scores, as imported with {imported.Net.Classes}.");
        ours = [.. ours.Chunk(imported.Net.Classes).SelectMany(scores => Ended(scores, imported.Source.Ending))];
        float largest = 0, difference = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            largest = MathF.Max(largest, MathF.Abs(theirs[i]));
            difference = MathF.Max(difference, MathF.Abs(ours[i] - theirs[i])); // NaN wins in MathF.Max
        }

        return difference <= Tolerance * MathF.Max(1, largest)
            ? difference
            : throw new InvalidDataException($"'{name}' answers otherwise in ONNX Runtime than as imported: scores differ by up to {difference:G3}. It cannot be imported.");
    }

    private static float[] Run(byte[] file, ImportedNetwork imported, ImageSet images)
    {
        SourceModel source = imported.Source;
        int values = images.Shape.Count, batch = source.Batch;
        using SessionOptions settings = OnnxEvaluator.ExactOptions();
        using InferenceSession session = new(file, settings);
        using RunOptions run = new();
        List<float> scores = [];
        float[] pixels = new float[batch * values];
        for (int first = 0; first < images.Count; first += batch)
        {
            int count = Math.Min(batch, images.Count - first);
            images.CopyAsFloat(first, pixels.AsSpan(0, count * values));
            if (source.Normalization is { } normalization)
                Normalize(pixels.AsSpan(0, count * values), normalization, images.Shape);
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [batch, images.Shape.Channels, images.Shape.Height, images.Shape.Width]);
            using IDisposableReadOnlyCollection<OrtValue> answers = session.Run(run, [source.Input], [input], [source.Output]);
            ReadOnlySpan<float> answer = answers[0].GetTensorDataAsSpan<float>();
            scores.AddRange(answer[..(answer.Length / batch * count)]);
        }

        return [.. scores];
    }

    private static void Normalize(Span<float> pixels, InputNormalization normalization, TensorShape shape)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i / shape.Pixels % shape.Channels;
            pixels[i] = (pixels[i] - normalization.Means[channel]) * normalization.Factors[channel];
        }
    }

    private static IEnumerable<float> Ended(float[] scores, string? ending) =>
        ending is null ? scores : (ending == "Softmax" ? Softmax.Of(scores) : Softmax.LogOf(scores)).Select(s => (float)s);
}
