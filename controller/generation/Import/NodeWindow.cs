using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>The window that a convolution or pooling node slides: square, the same step both ways, as much padding on every side.</summary>
/// <param name="Kernel">Side.</param>
/// <param name="Stride">Step.</param>
/// <param name="Padding">Positions added on each side.</param>
/// <param name="Grown">Rows and columns of zeros that a convolution's kernel, counted in its side, has gained at its beginning.</param>
/// <remarks>
/// Less padding before the image than after it, as TensorFlow pads at stride 2, is the same as a kernel that begins with zeros and as much
/// padding on both sides. Padding after the image that no window reaches counts for nothing.
/// </remarks>
internal readonly record struct NodeWindow(int Kernel, int Stride, int Padding, int Grown = 0)
{
    // Far beyond any network; keeps later products inside int32.
    private const long Most = 1 << 12;

    /// <summary>Reads a node's settings.</summary>
    /// <param name="node">Conv, MaxPool or AveragePool.</param>
    /// <param name="image">Of what it reads: decides how automatic padding comes out.</param>
    /// <param name="weights">Dimensions of a convolution's weights, which say the kernel too; null for pooling.</param>
    /// <exception cref="InvalidDataException">The window is of another kind; the sentence says which and what is accepted.</exception>
    public static NodeWindow Of(GraphNode node, TensorShape image, long[]? weights)
    {
        long[] kernel = Integers(node, "kernel_shape", weights?[2..] ?? []);
        long[] strides = Integers(node, "strides", [1, 1]), dilations = Integers(node, "dilations", [1, 1]);
        if (kernel is not [var side, var width] || side != width || side is < 1 or > Most)
            throw node.Refuse($"has a kernel of [{string.Join(", ", kernel)}]; a square one of two dimensions is accepted");
        if (strides is not [var stride, var across] || stride != across || stride is < 1 or > Most)
            throw node.Refuse($"has strides [{string.Join(", ", strides)}]; the same in both directions is accepted");
        if (dilations.Any(d => d != 1))
            throw node.Refuse($"has dilations [{string.Join(", ", dilations)}]; 1 is accepted");

        string automatic = node.Settings.TryGetValue("auto_pad", out GraphSetting? auto) ? auto.Text : "NOTSET";
        long[] pads = automatic switch
        {
            "NOTSET" or "" => Integers(node, "pads", [0, 0, 0, 0]),
            "VALID" => [0, 0, 0, 0],
            "SAME_UPPER" => Same(image, side, stride, upper: true),
            "SAME_LOWER" => Same(image, side, stride, upper: false),
            _ => throw node.Refuse($"has auto_pad '{automatic}', which ONNX does not know"),
        };
        if (pads.Length != 4 || pads.Any(p => p < 0 || p > side / 2) || pads[0] != pads[1])
            throw Unequal();
        NodeWindow window = new((int)side, (int)stride, (int)pads[0]);
        if (window.Leaves(image.Height, pads[2] - pads[0]) != window.Leaves(image.Height) || window.Leaves(image.Width, pads[3] - pads[1]) != window.Leaves(image.Width))
        {
            int grown = (int)(pads[2] - pads[0]);
            if (weights is null || pads[2] != pads[3] || grown < 0)
                throw Unequal();
            window = new((int)side + grown, (int)stride, (int)pads[2], grown);
        }

        if (Integer(node, "ceil_mode", 0) != 0 && (window.Leaves(image.Height, stride - 1) != window.Leaves(image.Height) || window.Leaves(image.Width, stride - 1) != window.Leaves(image.Width)))
            throw node.Refuse($"rounds its size up on an image of {image}, where that differs; ceil_mode 0 is accepted");
        return window;
        InvalidDataException Unequal() => node.Refuse(
            $"has a kernel of {side} and pads [{string.Join(", ", pads)}]; as much on every side, at most half the kernel, is accepted, and more at the end in convolutions");
    }

    /// <summary>Shape that the window leaves of an image, its channels kept.</summary>
    public TensorShape Over(TensorShape image) => image with { Height = Leaves(image.Height), Width = Leaves(image.Width) };

    /// <summary>A setting, or its default.</summary>
    public static long Integer(GraphNode node, string setting, long otherwise) =>
        node.Settings.TryGetValue(setting, out GraphSetting? value) ? value.Integer : otherwise;

    private static long[] Integers(GraphNode node, string setting, long[] otherwise) =>
        node.Settings.TryGetValue(setting, out GraphSetting? value) && value.Integers.Length > 0 ? value.Integers : otherwise;

    /// <summary>As many outputs as strides fit into the image; an odd position goes to the end, or to the beginning.</summary>
    private static long[] Same(TensorShape image, long kernel, long stride, bool upper)
    {
        long high = Missing(image.Height), wide = Missing(image.Width);
        (long, long) Split(long all) => upper ? (all / 2, all - (all / 2)) : (all - (all / 2), all / 2);
        ((long top, long bottom), (long left, long right)) = (Split(high), Split(wide));
        return [top, left, bottom, right];
        long Missing(int side) => Math.Max(0, (((side + stride - 1) / stride) - 1) * stride + kernel - side);
    }

    private int Leaves(int side, long rounding = 0) => (int)(((side + (2 * Padding) - Kernel + rounding) / Stride) + 1);
}
