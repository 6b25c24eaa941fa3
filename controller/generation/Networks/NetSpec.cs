namespace InstantNet.Generation.Networks;

/// <summary>A network as data: layers in the order they run. Immutable; validated once, here.</summary>
public sealed class NetSpec
{
    /// <summary>Name of the image tensor [batch, Channels, Height, Width].</summary>
    public const string InputName = "x";

    private readonly Dictionary<string, TensorShape> _shapes = new(StringComparer.Ordinal);

    /// <param name="name">What reports call the network.</param>
    /// <param name="input">Shape of one image.</param>
    /// <param name="layers">In running order; the last one is the classifier.</param>
    /// <exception cref="ArgumentException">A layer reads a tensor nobody made, channels or windows do not fit, or a name is used twice.</exception>
    public NetSpec(string name, TensorShape input, IReadOnlyList<LayerSpec> layers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(layers);
        Name = name;
        Input = input;
        Layers = layers;
        _shapes[InputName] = input;
        foreach (LayerSpec layer in layers)
        {
            if (!_shapes.TryAdd(layer.Name, OutputOf(layer)))
                throw new ArgumentException($"Layer '{layer.Name}' appears twice.", nameof(layers));
            MultiplyAccumulates += MacsOf(layer);
        }

        if (layers.Count == 0 || layers[^1] is not LinearSpec last)
            throw new ArgumentException("A network ends with its classifier.", nameof(layers));
        Classes = last.OutFeatures;
    }

    /// <summary>What reports call the network.</summary>
    public string Name { get; }

    /// <summary>Shape of one image.</summary>
    public TensorShape Input { get; }

    /// <summary>What is done to an image before the first layer reads it; null is nothing.</summary>
    /// <exception cref="ArgumentException">Not one mean and one factor for each channel.</exception>
    public InputNormalization? Normalization
    {
        get;
        init => field = value is null || (value.Means.Count == Input.Channels && value.Factors.Count == Input.Channels)
            ? value
            : throw new ArgumentException($"An image of {Input.Channels} channels is not normalised with {value.Means.Count} means and {value.Factors.Count} factors.");
    }

    /// <summary>Layers in running order.</summary>
    public IReadOnlyList<LayerSpec> Layers { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Multiply-accumulates of one image, convolutions and fully connected layers.</summary>
    public long MultiplyAccumulates { get; }

    /// <summary>
    /// The first layer that can be mapped and exported, but not trained yet (average pooling of windows, max pooling or shuffling of the image itself,
    /// hidden fully connected, ReLU6); null when there is none.
    /// </summary>
    public LayerSpec? FirstUntrainable => Layers.FirstOrDefault(
        l => l is AveragePoolSpec or SelectionSpec { Input: InputName } or DenseSpec or ConvSpec { Ceiling: not null } or AddSpec { Ceiling: not null });

    /// <summary>Shape of a tensor of one image.</summary>
    /// <exception cref="KeyNotFoundException">No layer has that name.</exception>
    public TensorShape ShapeOf(string tensor) =>
        _shapes.TryGetValue(tensor, out TensorShape shape) ? shape : throw new KeyNotFoundException($"No tensor '{tensor}' in '{Name}'.");

    /// <summary>Multiply-accumulates of one layer for one image.</summary>
    public long MacsOf(LayerSpec layer) => layer switch
    {
        ConvSpec c => (long)ShapeOf(c.Name).Pixels * c.WeightCount,
        DenseSpec d => (long)d.InFeatures * d.OutFeatures,
        LinearSpec l => (long)l.InFeatures * l.OutFeatures,
        _ => 0,
    };

    private TensorShape OutputOf(LayerSpec layer)
    {
        switch (layer)
        {
            case ConvSpec c:
                TensorShape read = Read(c, c.Input);
                if (read.Channels != c.InChannels)
                    throw new ArgumentException($"Layer '{c.Name}' reads {c.InChannels} channels, but '{c.Input}' has {read.Channels}.");
                if (c.Groups < 1 || c.InChannels % c.Groups != 0 || c.OutChannels % c.Groups != 0)
                    throw new ArgumentException($"Layer '{c.Name}' turns {c.InChannels} channels into {c.OutChannels} in {c.Groups} groups: a divisor of both is accepted.");
                return Windows(c.Name, read, c.Kernel, c.Stride, c.Padding) with { Channels = c.OutChannels };
            case MaxPoolSpec m:
                return Windows(m.Name, Read(m, m.Input), m.Kernel, m.Stride, m.Padding);
            case AveragePoolSpec v:
                return Windows(v.Name, Read(v, v.Input), v.Kernel, v.Stride, v.Padding);
            case ShuffleSpec s:
                TensorShape shuffled = Read(s, s.Input);
                return s.Groups > 1 && shuffled.Channels % s.Groups == 0
                    ? shuffled
                    : throw new ArgumentException($"Layer '{s.Name}' shuffles {shuffled.Channels} channels in {s.Groups} groups: 2 or more that divide the channels are accepted.");
            case AddSpec a:
                TensorShape left = Read(a, a.Left), right = Read(a, a.Right);
                return left == right ? left : throw new ArgumentException($"Layer '{a.Name}' adds {left} to {right}.");
            case MixtureSpec x:
                TensorShape[] mixed = [.. x.Inputs.Select(i => Read(x, i)).Distinct()];
                return mixed is [var one] ? one : throw new ArgumentException($"Layer '{x.Name}' mixes tensors of {mixed.Length} shapes: one is accepted.");
            case GlobalPoolSpec p:
                return new TensorShape(Read(p, p.Input).Channels, 1, 1);
            case DenseSpec d:
                return FullyConnected(d, d.Input, d.InFeatures, d.OutFeatures);
            case LinearSpec l:
                return FullyConnected(l, l.Input, l.InFeatures, l.OutFeatures);
            default:
                throw new ArgumentException($"Layer '{layer.Name}' is of an unknown kind, {layer.GetType().Name}.");
        }
    }

    private TensorShape Read(LayerSpec reader, string tensor) =>
        _shapes.TryGetValue(tensor, out TensorShape shape)
            ? shape
            : throw new ArgumentException($"Layer '{reader.Name}' reads '{tensor}', which no layer before it makes.");

    private TensorShape FullyConnected(LayerSpec layer, string input, int inFeatures, int outFeatures)
    {
        int width = Read(layer, input).Count;
        return width == inFeatures
            ? new TensorShape(outFeatures, 1, 1)
            : throw new ArgumentException($"Layer '{layer.Name}' reads {inFeatures} features, but '{input}' has {width}.");
    }

    /// <summary>The shape that a sliding window leaves of an image, its channels kept.</summary>
    private static TensorShape Windows(string layer, TensorShape image, int kernel, int stride, int padding)
    {
        if (kernel < 1 || stride < 1 || padding < 0 || padding > kernel / 2)
            throw new ArgumentException($"Layer '{layer}' has kernel {kernel}, stride {stride}, padding {padding}: 1 or more, 1 or more, 0 to half the kernel is accepted.");
        int least = Math.Min(image.Height, image.Width) + (2 * padding);
        return least >= kernel
            ? image with { Height = ((image.Height + (2 * padding) - kernel) / stride) + 1, Width = ((image.Width + (2 * padding) - kernel) / stride) + 1 }
            : throw new ArgumentException($"Layer '{layer}' has a kernel of {kernel}, but its padded image only {least} rows or columns.");
    }
}
