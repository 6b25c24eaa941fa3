namespace InstantNet.Generation.Networks;

/// <summary>Networks of InstantNet's search space: a stem, blocks of which each is a choice, a 1x1 header, pooling, a classifier.</summary>
/// <remarks>
/// Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 3.2, and the authors' code.
/// </remarks>
public static class SearchSpaceNet
{
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
        List<LayerSpec> layers =
            [new ConvSpec("stem", NetSpec.InputName, input.Channels, frame.StemChannels, 3, frame.StemStride, 1, Relu: true, Edge: true)];
        string from = "stem";
        int channels = frame.StemChannels, next = 0;
        foreach (SearchSpaceFrame.Stage stage in frame.Stages)
        {
            for (int i = 0; i < stage.Layers; i++, next++)
            {
                from = Add(layers, $"b{next}", from, choices[next], new Shape(channels, stage.Channels, i == 0 ? stage.Stride : 1));
                channels = stage.Channels;
            }
        }

        layers.Add(new ConvSpec("header", from, channels, frame.HeaderChannels, 1, 1, 1, Relu: true));
        layers.Add(new GlobalPoolSpec("pool", "header"));
        layers.Add(new LinearSpec("logits", "pool", frame.HeaderChannels, classes));
        return new NetSpec(name, input, layers);
    }

    private static string Add(List<LayerSpec> layers, string name, string from, BlockChoice choice, Shape shape)
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

    private readonly record struct Shape(int In, int Out, int Stride)
    {
        public bool IsKept => Stride == 1 && In == Out;
    }
}
