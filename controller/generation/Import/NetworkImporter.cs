using InstantNet.Contracts;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>Reads a float ONNX convolutional classifier, or a network that ends in the features of one. Pure; the same bytes give the same network.</summary>
public static class NetworkImporter
{
    /// <summary>Largest file read, as protobuf's own limit.</summary>
    public const long MaxFileBytes = int.MaxValue;

    // Beyond any image here; keeps products of a shape inside int32.
    private const long MaxSide = 1 << 14;

    /// <summary>Reads a model file.</summary>
    /// <param name="file">The bytes.</param>
    /// <param name="name">What messages call the file, and reports the network.</param>
    /// <param name="normalization">What the file expects to be done to pixel / 255 before it reads it, one value for all channels or one for each; null for nothing.</param>
    /// <exception cref="InvalidDataException">Damaged, not ONNX, or holds what our networks do not; one sentence that says what, where, and what is accepted.</exception>
    public static ImportedNetwork Import(ReadOnlySpan<byte> file, string name, InputNormalization? normalization)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        try
        {
            return Import(ModelGraphReader.Read(file), name, normalization);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"'{name}' cannot be imported: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static ImportedNetwork Import(ModelGraph graph, string name, InputNormalization? normalization)
    {
        if (graph.Inputs.Count != 1 || graph.Outputs.Count != 1)
            throw new InvalidDataException($"it has {graph.Inputs.Count} inputs and {graph.Outputs.Count} outputs; one of each is accepted");
        (TensorShape image, int batch) = ImageOf(graph.Inputs[0]);
        if (normalization is { Means: [var mean], Factors: [var factor] })
            normalization = new InputNormalization([.. Enumerable.Repeat(mean, image.Channels)], [.. Enumerable.Repeat(factor, image.Channels)]);
        if (normalization is not null && (normalization.Means.Count != image.Channels || normalization.Factors.Count != image.Channels))
            throw new InvalidDataException($"its images have {image.Channels} channels, the means and deviations given {normalization.Means.Count}");
        GraphTranslation translation = new(graph, image, AffineOf(normalization, image.Channels));
        GraphValue output = translation.Run();
        List<DraftLayer> layers = Reached(translation.Layers, output);
        if (output.Maker is null)
            throw new InvalidDataException("its output is the image itself");
        bool features = IsFeatures(layers, output);
        if (features)
            layers.Add(HandOn(output.Maker));
        else
            layers[^1] = Classifier(layers, output.Maker);
        DraftLayer classifier = layers[^1];
        ImageAffine affine = translation.ReadImage!;
        InputNormalization? kept = Fold(affine, layers);
        NetSpec net = new(Path.GetFileNameWithoutExtension(name), image, [.. layers.Select(l => l.Spec)]) { Normalization = kept };
        TrainedVariant variant = new(
            Precision.Full,
            layers.Where(l => l.Spec is ConvSpec).ToDictionary(l => l.Spec.Name, l => new TrainedDense(l.Weights, Rounded(l.Bias)).AsConvolution(), StringComparer.Ordinal),
            new TrainedClassifier(classifier.Weights, Rounded(classifier.Bias)),
            new Dictionary<string, ActivationQuantizer>())
        {
            Dense = layers.Where(l => l.Spec is DenseSpec).ToDictionary(l => l.Spec.Name, l => new TrainedDense(l.Weights, Rounded(l.Bias)), StringComparer.Ordinal),
        };
        return new ImportedNetwork(net, variant, new SourceModel(graph.Inputs[0].Name, graph.Outputs[0], batch, translation.Ending, normalization)) { EndsInFeatures = features };
    }

    private static (TensorShape Image, int Batch) ImageOf(GraphInput input)
    {
        if (input.ElementType != TensorReader.FloatType)
            throw new InvalidDataException($"its input '{input.Name}' is of ONNX type {input.ElementType}; float32 is accepted");
        if (input.Dimensions.Length != 4)
            throw new InvalidDataException($"its input '{input.Name}' has {input.Dimensions.Length} dimensions; [batch, channels, height, width] is accepted");
        if (input.Dimensions is not [var batch, long channels, long height, long width])
            throw new InvalidDataException($"its input '{input.Name}' leaves channels, height or width open; only the batch may be");
        return channels <= MaxSide && height <= MaxSide && width <= MaxSide && channels * height * width < int.MaxValue / sizeof(float) && (batch ?? 1) <= MaxSide
            ? (new TensorShape((int)channels, (int)height, (int)width), (int)(batch ?? 1))
            : throw new InvalidDataException($"its input '{input.Name}' is of [{string.Join(", ", input.Dimensions)}]; sides up to {MaxSide} are accepted");
    }

    private static ImageAffine AffineOf(InputNormalization? normalization, int channels) => normalization is null
        ? new ImageAffine([.. Enumerable.Repeat(1.0, channels)], new double[channels])
        : new ImageAffine([.. normalization.Factors.Select(f => (double)f)], [.. normalization.Factors.Zip(normalization.Means, (f, m) => -(double)f * m)]);

    /// <summary>The layers that the output is made of, up to the one that makes it.</summary>
    private static List<DraftLayer> Reached(IReadOnlyList<DraftLayer> layers, GraphValue output)
    {
        HashSet<string> needed = new(StringComparer.Ordinal) { output.Name };
        List<DraftLayer> reached = [];
        foreach (DraftLayer layer in layers.Reverse().Where(l => needed.Contains(l.Spec.Name)))
        {
            reached.Add(layer);
            needed.UnionWith(layer.Spec switch
            {
                ConvSpec c => [c.Input],
                AddSpec a => [a.Left, a.Right],
                SelectionSpec s => [s.Input],
                AveragePoolSpec v => [v.Input],
                GlobalPoolSpec p => [p.Input],
                DenseSpec d => [d.Input],
                _ => Array.Empty<string>(),
            });
        }

        reached.Reverse();
        return reached;
    }

    // A mean over each channel, and no scores of which it would be the mean.
    private static bool IsFeatures(List<DraftLayer> layers, GraphValue output) =>
        output.Maker!.Spec is GlobalPoolSpec && layers is [.., { Spec: not ConvSpec { Relu: false } }, _];

    /// <summary>A classifier that answers with what it reads.</summary>
    private static DraftLayer HandOn(DraftLayer features)
    {
        int count = features.Shape.Channels;
        float[] weights = new float[count * count];
        for (int i = 0; i < count; i++)
            weights[(i * count) + i] = 1;
        return Linear(new DraftLayer(features.Spec, features.Shape) { Weights = weights, Bias = new double[count] }, features.Spec.Name + "/classifier", features.Spec.Name);
    }

    /// <summary>The last layer as our classifier: a fully connected one, or a 1x1 convolution on a single position, which is the same.</summary>
    private static DraftLayer Classifier(List<DraftLayer> layers, DraftLayer last)
    {
        if (last.Spec is GlobalPoolSpec && layers is [.., { Spec: ConvSpec { Kernel: 1, Stride: 1, Padding: 0, Groups: 1, Relu: false } } scores, _])
        {
            // The mean of a linear map is the map of the mean.
            ConvSpec before = (ConvSpec)scores.Spec;
            TensorShape pooled = new(before.InChannels, 1, 1);
            layers[^2] = new DraftLayer(new GlobalPoolSpec(last.Spec.Name, before.Input), pooled);
            return Linear(scores, before.Name, last.Spec.Name);
        }

        return last.Spec switch
        {
            DenseSpec { Relu: false } dense => Linear(last, dense.Name, dense.Input),
            ConvSpec { Kernel: 1, Stride: 1, Groups: 1, Relu: false } conv when last.Shape.Pixels == 1 => Linear(last, conv.Name, conv.Input),
            _ => throw new InvalidDataException($"it ends with '{last.Spec.Name}', which is no classifier: a fully connected layer without ReLU or a global average of features that were rectified is accepted"),
        };
    }

    private static DraftLayer Linear(DraftLayer from, string name, string input) =>
        new(new LinearSpec(name, input, from.Weights.Length / from.Bias.Length, from.Bias.Length), new TensorShape(from.Bias.Length, 1, 1)) { Weights = from.Weights, Bias = from.Bias };

    /// <summary>Takes what is done to the image into the layers that read it, where that is exact.</summary>
    /// <returns>What must be kept as a step of its own; null for nothing.</returns>
    private static InputNormalization? Fold(ImageAffine affine, List<DraftLayer> layers)
    {
        if (affine.Factors.All(f => f == 1) && affine.Shifts.All(s => s == 0))
            return null;
        List<DraftLayer> readers = [.. layers.Where(l => l.Spec is ConvSpec { Input: NetSpec.InputName } or SelectionSpec { Input: NetSpec.InputName }
            or AveragePoolSpec { Input: NetSpec.InputName } or AddSpec { Left: NetSpec.InputName } or AddSpec { Right: NetSpec.InputName }
            or GlobalPoolSpec { Input: NetSpec.InputName } or DenseSpec { Input: NetSpec.InputName } or LinearSpec { Input: NetSpec.InputName })];
        bool exact = readers.TrueForAll(l => l.Spec is ConvSpec c && (c.Padding == 0 || affine.Shifts.All(s => s == 0)));
        if (!exact)
        {
            return affine.Factors.All(f => f != 0)
                ? new InputNormalization([.. affine.Factors.Zip(affine.Shifts, (f, s) => (float)(-s / f))], [.. affine.Factors.Select(f => (float)f)])
                : throw new InvalidDataException("it multiplies a channel of the image by 0");
        }

        foreach (DraftLayer layer in readers)
            Fold(affine, layer, (ConvSpec)layer.Spec);
        return null;
    }

    private static void Fold(ImageAffine affine, DraftLayer layer, ConvSpec spec)
    {
        int window = spec.Kernel * spec.Kernel, perGroup = spec.InChannels / spec.Groups, made = spec.OutChannels / spec.Groups;
        for (int i = 0; i < layer.Weights.Length; i++)
        {
            int o = i / (perGroup * window), channel = (o / made * perGroup) + (i / window % perGroup);
            layer.Bias[o] += layer.Weights[i] * affine.Shifts[channel];
            layer.Weights[i] = (float)(layer.Weights[i] * affine.Factors[channel]);
        }
    }

    private static float[] Rounded(double[] values) => [.. values.Select(v => (float)v)];
}
