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
    /// <exception cref="ArgumentException">A layer reads a tensor nobody made, channels do not fit, or a name is used twice.</exception>
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

    /// <summary>Layers in running order.</summary>
    public IReadOnlyList<LayerSpec> Layers { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Multiply-accumulates of one image, convolutions and classifier.</summary>
    public long MultiplyAccumulates { get; }

    /// <summary>Shape of a tensor of one image.</summary>
    /// <exception cref="KeyNotFoundException">No layer has that name.</exception>
    public TensorShape ShapeOf(string tensor) =>
        _shapes.TryGetValue(tensor, out TensorShape shape) ? shape : throw new KeyNotFoundException($"No tensor '{tensor}' in '{Name}'.");

    /// <summary>Multiply-accumulates of one layer for one image.</summary>
    public long MacsOf(LayerSpec layer) => layer switch
    {
        ConvSpec c => (long)ShapeOf(c.Name).Pixels * c.WeightCount,
        LinearSpec l => (long)l.InFeatures * l.OutFeatures,
        _ => 0,
    };

    private TensorShape OutputOf(LayerSpec layer)
    {
        switch (layer)
        {
            case ConvSpec c:
                TensorShape read = Read(c, c.Input);
                if (read.Channels != c.InChannels || c.InChannels % c.Groups != 0 || c.OutChannels % c.Groups != 0)
                    throw new ArgumentException($"Layer '{c.Name}' reads {c.InChannels} channels in {c.Groups} groups, but '{c.Input}' has {read.Channels}.");
                return new TensorShape(c.OutChannels, Strided(read.Height, c), Strided(read.Width, c));
            case AddSpec a:
                TensorShape left = Read(a, a.Left), right = Read(a, a.Right);
                return left == right ? left : throw new ArgumentException($"Layer '{a.Name}' adds {left} to {right}.");
            case GlobalPoolSpec p:
                return new TensorShape(Read(p, p.Input).Channels, 1, 1);
            case LinearSpec l:
                int width = Read(l, l.Input).Count;
                return width == l.InFeatures
                    ? new TensorShape(l.OutFeatures, 1, 1)
                    : throw new ArgumentException($"Layer '{l.Name}' reads {l.InFeatures} features, but '{l.Input}' has {width}.");
            default:
                throw new ArgumentException($"Layer '{layer.Name}' is of an unknown kind, {layer.GetType().Name}.");
        }
    }

    private TensorShape Read(LayerSpec reader, string tensor) =>
        _shapes.TryGetValue(tensor, out TensorShape shape)
            ? shape
            : throw new ArgumentException($"Layer '{reader.Name}' reads '{tensor}', which no layer before it makes.");

    private static int Strided(int size, ConvSpec c) => (size + 2 * (c.Kernel / 2) - c.Kernel) / c.Stride + 1;
}
