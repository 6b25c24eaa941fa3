using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>What the graphs of integer and float models have in common: shapes, inputs, outputs, node settings.</summary>
internal static class GraphLayout
{
    /// <summary>Starts a graph with its input and its output declared.</summary>
    /// <exception cref="NotSupportedException">The network has a classifier before its end, or a layer that is only mapped so far.</exception>
    public static OnnxGraph Begin(NetSpec net, ExportOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1);
        if (net.Layers.SkipLast(1).FirstOrDefault(l => l is LinearSpec) is { } early)
            throw new NotSupportedException($"Layer '{early.Name}' is fully connected, but only the last layer of an exported network may be.");
        if (net.FirstUntrainable is { } unknown)
            throw new NotSupportedException($"Layer '{unknown.Name}' ({unknown.GetType().Name}) cannot be exported yet.");
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

    /// <summary>Settings of Conv and QLinearConv.</summary>
    public static OnnxAttribute[] Attributes(ConvSpec layer)
    {
        int pad = layer.Padding;
        return
        [
            OnnxAttribute.Of("kernel_shape", [layer.Kernel, layer.Kernel]),
            OnnxAttribute.Of("strides", [layer.Stride, layer.Stride]),
            OnnxAttribute.Of("pads", [pad, pad, pad, pad]),
            OnnxAttribute.Of("group", layer.Groups),
        ];
    }

    /// <summary>Dimensions of a convolution's weights.</summary>
    public static long[] WeightShape(ConvSpec layer) => [layer.OutChannels, layer.InChannels / layer.Groups, layer.Kernel, layer.Kernel];

    /// <summary>Adds the node that turns [batch, c, h, w] into the classifier's [batch, features].</summary>
    public static string Flatten(this OnnxGraph graph, string tensor) =>
        graph.Node("Flatten", [ModelTensors.Exposed(tensor)], ModelTensors.PartOf(tensor, "flat"), "", OnnxAttribute.Of("axis", 1));

    private static long[] ShapeOf(NetSpec net, string tensor, ExportOptions options)
    {
        TensorShape shape = net.ShapeOf(tensor);
        return [options.Batch, shape.Channels, shape.Height, shape.Width];
    }
}
