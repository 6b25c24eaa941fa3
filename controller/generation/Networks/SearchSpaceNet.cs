namespace InstantNet.Generation.Networks;

/// <summary>Networks of InstantNet's search space: a stem, blocks of which each is a choice, a 1x1 header, pooling, a classifier.</summary>
/// <remarks>
/// Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 3.2, and the authors' code.
/// </remarks>
public static class SearchSpaceNet
{
    /// <summary>Everything that one layer of the space may be: <see cref="BlockChoice.Blocks"/>, then <see cref="BlockChoice.Skip"/>.</summary>
    public static IReadOnlyList<BlockChoice> Choices { get; } = [.. BlockChoice.Blocks, BlockChoice.Skip];

    /// <summary>The network with the same block in every layer, named after it, in the frame for images of that shape.</summary>
    public static NetSpec Uniform(BlockChoice block, TensorShape input, int classes)
    {
        SearchSpaceFrame frame = SearchSpaceFrame.For(input);
        return Build(block.ToString(), input, classes, frame, [.. Enumerable.Repeat(block, frame.Layers)]);
    }

    /// <summary>Any network of the space.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="input">Shape of one image.</param>
    /// <param name="classes">Outputs of the classifier.</param>
    /// <param name="frame">What is not a choice.</param>
    /// <param name="choices">One for each layer of the frame, in running order.</param>
    /// <exception cref="ArgumentException">There are more or fewer choices than layers, the image is too small, or two groups meet an odd number of channels.</exception>
    public static NetSpec Build(string name, TensorShape input, int classes, SearchSpaceFrame frame, IReadOnlyList<BlockChoice> choices)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Count != frame.Layers)
            throw new ArgumentException($"A frame of {frame.Layers} layers needs as many choices, not {choices.Count}.", nameof(choices));
        List<LayerSpec> layers = [Stem(input, frame)];
        string from = layers[0].Name;
        foreach ((int layer, Shape shape) in Shapes(frame).Index())
        {
            from = Add(layers, $"b{layer}", from, choices[layer], shape);
        }

        layers.AddRange(Head(from, classes, frame));
        return new NetSpec(name, input, layers);
    }

    /// <summary>What reads the image.</summary>
    internal static LayerSpec Stem(TensorShape input, SearchSpaceFrame frame) =>
        new ConvSpec("stem", NetSpec.InputName, input.Channels, frame.StemChannels, 3, frame.StemStride, 1, Relu: true, Edge: true);

    /// <summary>Header, pooling and classifier behind the last searchable layer.</summary>
    internal static IReadOnlyList<LayerSpec> Head(string from, int classes, SearchSpaceFrame frame) =>
    [
        new ConvSpec("header", from, frame.Stages[^1].Channels, frame.HeaderChannels, 1, 1, 1, Relu: true),
        new GlobalPoolSpec("pool", "header"),
        new LinearSpec("logits", "pool", frame.HeaderChannels, classes),
    ];

    /// <summary>What each searchable layer does to the shape of its input, in running order.</summary>
    internal static IEnumerable<Shape> Shapes(SearchSpaceFrame frame)
    {
        int channels = frame.StemChannels;
        foreach (SearchSpaceFrame.Stage stage in frame.Stages)
        {
            for (int i = 0; i < stage.Layers; i++)
            {
                yield return new Shape(channels, stage.Channels, i == 0 ? stage.Stride : 1);
                channels = stage.Channels;
            }
        }
    }

    /// <summary>Appends what a choice computes.</summary>
    /// <returns>The tensor that it makes; <paramref name="from"/> itself where nothing is computed.</returns>
    internal static string Add(List<LayerSpec> layers, string name, string from, BlockChoice choice, Shape shape)
    {
        if (choice == BlockChoice.Skip)
        {
            if (shape.IsKept)
                return from;
            layers.Add(new ConvSpec($"{name}.skip", from, shape.In, shape.Out, 1, shape.Stride, 1, Relu: true));
            return $"{name}.skip";
        }

        int hidden = shape.In * choice.Expansion;
        string expanded = $"{name}.expand";
        layers.Add(new ConvSpec(expanded, from, shape.In, hidden, 1, 1, choice.Groups, Relu: true));
        if (choice.Groups > 1)
        {
            layers.Add(new ShuffleSpec($"{name}.shuffle", expanded, choice.Groups));
            expanded = $"{name}.shuffle";
        }

        layers.Add(new ConvSpec($"{name}.depthwise", expanded, hidden, hidden, choice.Kernel, shape.Stride, hidden, Relu: true));
        layers.Add(new ConvSpec($"{name}.project", $"{name}.depthwise", hidden, shape.Out, 1, 1, choice.Groups, Relu: false));
        if (!shape.IsKept)
            return $"{name}.project";
        layers.Add(new AddSpec($"{name}.add", from, $"{name}.project"));
        return $"{name}.add";
    }

    /// <summary>Channels read and made, and the stride between them.</summary>
    internal readonly record struct Shape(int In, int Out, int Stride)
    {
        public bool IsKept => Stride == 1 && In == Out;
    }
}
