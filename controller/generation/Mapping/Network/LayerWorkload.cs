using InstantNet.Contracts;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Turns the layers of a network into loops and bits.</summary>
/// <remarks>Only convolutions and fully connected layers multiply; sums and pooling have no dataflow and are left out, as in Timeloop.</remarks>
public static class LayerWorkload
{
    /// <summary>Layers that are mapped, in running order.</summary>
    public static IReadOnlyList<LayerSpec> MappedLayers(NetSpec net)
    {
        ArgumentNullException.ThrowIfNull(net);
        return [.. net.Layers.Where(l => l is ConvSpec or DenseSpec or LinearSpec)];
    }

    /// <summary>The loops of one layer for one image.</summary>
    /// <exception cref="ArgumentException">The layer has no multiply-accumulates.</exception>
    public static Workload Of(NetSpec net, LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(layer);
        switch (layer)
        {
            case ConvSpec c:
                TensorShape made = net.ShapeOf(c.Name);
                return c.IsDepthwise
                    ? new Workload(new LoopBounds(1, 1, c.InChannels, made.Height, made.Width, c.Kernel, c.Kernel), c.Stride, isDepthwise: true, padding: c.Padding)
                    : new Workload(
                        new LoopBounds(1, c.OutChannels / c.Groups, c.InChannels / c.Groups, made.Height, made.Width, c.Kernel, c.Kernel),
                        c.Stride, groups: c.Groups, padding: c.Padding);
            case DenseSpec d:
                return new Workload(new LoopBounds(1, d.OutFeatures, d.InFeatures, 1, 1, 1, 1));
            case LinearSpec l:
                return new Workload(new LoopBounds(1, l.OutFeatures, l.InFeatures, 1, 1, 1, 1));
            default:
                throw new ArgumentException($"Layer '{layer.Name}' multiplies nothing.", nameof(layer));
        }
    }

    /// <summary>Bits below which a layer's words never go: what the plan gives them at the lowest precision.</summary>
    /// <exception cref="ArgumentException">The layer has no multiply-accumulates.</exception>
    public static OperandFloors FloorsOf(NetSpec net, LayerSpec layer)
    {
        Precision lowest = new(Precision.MinBits);
        return new OperandFloors(
            BitPlan.Weights(layer, lowest), BitPlan.Activation(net, InputOf(layer), lowest), BitPlan.Activation(net, layer.Name, lowest));
    }

    /// <summary>Bits of a layer's words on an accelerator when the network runs at a precision.</summary>
    /// <exception cref="ArgumentException">The layer has no multiply-accumulates.</exception>
    public static OperandBits BitsOf(NetSpec net, LayerSpec layer, Precision precision, Accelerator accelerator)
    {
        ArgumentNullException.ThrowIfNull(accelerator);
        return accelerator.WidthsFor(
            BitPlan.Weights(layer, precision), BitPlan.Activation(net, InputOf(layer), precision), BitPlan.Activation(net, layer.Name, precision));
    }

    private static string InputOf(LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return layer switch
        {
            ConvSpec c => c.Input,
            DenseSpec d => d.Input,
            LinearSpec l => l.Input,
            _ => throw new ArgumentException($"Layer '{layer.Name}' multiplies nothing.", nameof(layer)),
        };
    }
}
