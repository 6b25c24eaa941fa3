using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>What the graphs of integer and float models have in common: shapes, inputs, outputs, node settings.</summary>
internal static class GraphLayout
{
    /// <summary>Starts a graph with its input and its output declared.</summary>
    /// <exception cref="NotSupportedException">The network has a classifier before its end.</exception>
    public static OnnxGraph Begin(NetSpec net, ExportOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1);
        if (net.Layers.SkipLast(1).FirstOrDefault(l => l is LinearSpec) is { } early)
            throw new NotSupportedException($"Layer '{early.Name}' is fully connected, but only the last layer of an exported network may be.");
        OnnxGraph graph = new(net.Name);
        graph.Input(ModelTensors.Input, OnnxType.Float, ShapeOf(net, NetSpec.InputName, options));
        graph.Output(ModelTensors.Output, OnnxType.Float, options.Batch, net.Classes);
        return graph;
    }

    /// <summary>Declares a tensor as an output when the options ask for it.</summary>
    public static void Expose(this OnnxGraph graph, NetSpec net, string tensor, OnnxType type, ExportOptions options)
    {
        if (options.ExposeTensors)
            graph.Output(ModelTensors.Exposed(tensor), type, ShapeOf(net, tensor, options));
    }

    /// <summary>Adds the steps before the first layer.</summary>
    /// <returns>The tensor that they make: the model's input itself where there are none.</returns>
    public static string Normalize(this OnnxGraph graph, NetSpec net)
    {
        if (net.Normalization is not { } normalization)
            return ModelTensors.Input;
        int channels = net.Input.Channels;
        string means = graph.Constant(ModelTensors.PartOf(NetSpec.InputName, "means"), normalization.Means.ToArray(), channels, 1, 1);
        string factors = graph.Constant(ModelTensors.PartOf(NetSpec.InputName, "factors"), normalization.Factors.ToArray(), channels, 1, 1);
        string centred = graph.Node("Sub", [ModelTensors.Input, means], ModelTensors.PartOf(NetSpec.InputName, "centred"));
        return graph.Node("Mul", [centred, factors], ModelTensors.PartOf(NetSpec.InputName, "normal"));
    }

    /// <summary>Settings of Conv and QLinearConv.</summary>
    public static OnnxAttribute[] Attributes(ConvSpec layer) =>
        [.. Window(layer.Kernel, layer.Stride, layer.Padding), OnnxAttribute.Of("group", layer.Groups)];

    /// <summary>Settings of every operator that slides a square window.</summary>
    public static OnnxAttribute[] Window(int kernel, int stride, int padding) =>
    [
        OnnxAttribute.Of("kernel_shape", [kernel, kernel]),
        OnnxAttribute.Of("strides", [stride, stride]),
        OnnxAttribute.Of("pads", [padding, padding, padding, padding]),
    ];

    /// <summary>Dimensions of a convolution's weights.</summary>
    public static long[] WeightShape(ConvSpec layer) => [layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, layer.Kernel];

    /// <summary>Adds the node that turns [batch, c, h, w] into the classifier's [batch, features].</summary>
    public static string Flatten(this OnnxGraph graph, string tensor) =>
        graph.Node("Flatten", [ModelTensors.Exposed(tensor)], ModelTensors.PartOf(tensor, "flat"), "", OnnxAttribute.Of("axis", 1));

    /// <summary>Adds the node that reorders channels. It moves values of any element type and computes nothing.</summary>
    public static void Shuffle(this OnnxGraph graph, NetSpec net, ShuffleSpec layer)
    {
        long[] order = Array.ConvertAll(layer.Order(net.ShapeOf(layer.Name).Channels), c => (long)c);
        string indices = graph.Constant(ModelTensors.PartOf(layer.Name, "order"), order, order.Length);
        graph.Node("Gather", [ModelTensors.Exposed(layer.Input), indices], ModelTensors.Exposed(layer.Name), "", OnnxAttribute.Of("axis", 1));
    }

    private static long[] ShapeOf(NetSpec net, string tensor, ExportOptions options)
    {
        TensorShape shape = net.ShapeOf(tensor);
        if (net.Layers.FirstOrDefault(l => l.Name == tensor) is DenseSpec)
            return [options.Batch, shape.Channels];
        return [options.Batch, shape.Channels, shape.Height, shape.Width];
    }
}
