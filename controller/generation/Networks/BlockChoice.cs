namespace InstantNet.Generation.Networks;

/// <summary>What one layer of InstantNet's search space computes: an inverted residual block, or nothing.</summary>
/// <remarks>Source: Fu et al., InstantNet, DAC 2021 (arXiv:2104.10853), section 3.2, after Wu et al., FBNet, CVPR 2019.</remarks>
public readonly record struct BlockChoice
{
    /// <summary>A block of two 1x1 convolutions around a depthwise one.</summary>
    /// <param name="kernel">Side of the depthwise kernel, 3 or 5.</param>
    /// <param name="expansion">Hidden channels per input channel, 1, 3 or 6.</param>
    /// <param name="groups">Of both 1x1 convolutions, 1; or 2 at expansion 1, with their channels shuffled between.</param>
    /// <exception cref="ArgumentException">The space has no such block.</exception>
    public BlockChoice(int kernel, int expansion, int groups = 1)
    {
        if (kernel is not (3 or 5) || expansion is not (1 or 3 or 6) || !(groups == 1 || (groups == 2 && expansion == 1)))
            throw new ArgumentException($"There is no block {NameOf(kernel, expansion, groups)}: kernels of 3 and 5, expansions of 1, 3 and 6, and two groups (g2) at expansion 1 are accepted.");
        (Kernel, Expansion, Groups) = (kernel, expansion, groups);
    }

    /// <summary>The input itself, or a 1x1 convolution of it where the layer changes its shape.</summary>
    public static BlockChoice Skip { get; }

    /// <summary>Every block but <see cref="Skip"/>, the cheapest first.</summary>
    public static IReadOnlyList<BlockChoice> Blocks { get; } =
        [new(3, 1, 2), new(5, 1, 2), new(3, 1), new(5, 1), new(3, 3), new(5, 3), new(3, 6), new(5, 6)];

    /// <summary>Side of the depthwise kernel; 0 of <see cref="Skip"/>.</summary>
    public int Kernel { get; }

    /// <summary>Hidden channels per input channel; 0 of <see cref="Skip"/>.</summary>
    public int Expansion { get; }

    /// <summary>Groups of both 1x1 convolutions; 0 of <see cref="Skip"/>.</summary>
    public int Groups { get; }

    /// <summary>As in "k3_e6" or "k3_e1_g2", or "skip".</summary>
    public override string ToString() => Kernel == 0 ? "skip" : NameOf(Kernel, Expansion, Groups);

    private static string NameOf(int kernel, int expansion, int groups) => $"k{kernel}_e{expansion}{(groups == 1 ? "" : $"_g{groups}")}";
}
