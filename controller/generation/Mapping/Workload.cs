using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping;

/// <summary>One layer, or one group of it, as the cost model sees it. Immutable, validated here; equal when the loops are equal.</summary>
/// <remarks>
/// There is no padding: the input is ((P-1)·stride + R) by ((Q-1)·stride + S), as in Timeloop.
/// A depthwise layer is the six-loop form: K = 1 and C channels, each with its own filter.
/// </remarks>
public sealed record Workload
{
    private const double MostCounted = 1L << 53;

    /// <param name="bounds">The loops of one group.</param>
    /// <param name="stride">Step of the filter in both directions, at least 1.</param>
    /// <param name="isDepthwise">Whether each of the C channels has its own filter; then K is 1.</param>
    /// <param name="groups">How often the whole nest runs, one after another; 1 for an ordinary and for a depthwise layer.</param>
    /// <param name="padding">Zeros at each border of the input that need not be fetched; only <see cref="PhysicalEffects.ZeroPadding"/> counts them.</param>
    /// <exception cref="ArgumentException">A bound, the stride or the groups are below 1, a depthwise layer has K above 1, or it has 2^53 MACs or inputs or more.</exception>
    public Workload(LoopBounds bounds, int stride = 1, bool isDepthwise = false, int groups = 1, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        double product = groups;
        foreach (Dimension dimension in Enum.GetValues<Dimension>())
        {
            if (bounds[dimension] < 1)
                throw new ArgumentException($"Loop {dimension} has bound {bounds[dimension]}; the least is 1.", nameof(bounds));
            product *= bounds[dimension];
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        if (isDepthwise && bounds.K != 1)
            throw new ArgumentException($"A depthwise layer has K = 1, not {bounds.K}.", nameof(bounds));
        if (product >= MostCounted)
            throw new ArgumentException("A layer of 2^53 multiply-accumulates or more cannot be counted exactly.", nameof(bounds));
        double inputs = (double)bounds.N * bounds.C * (((bounds.P - 1.0) * stride) + bounds.R) * (((bounds.Q - 1.0) * stride) + bounds.S);
        if (inputs >= MostCounted)
            throw new ArgumentException("A layer whose strides span 2^53 inputs or more cannot be counted exactly.", nameof(stride));
        Bounds = bounds;
        Stride = stride;
        IsDepthwise = isDepthwise;
        Groups = groups;
        Padding = padding;
    }

    /// <summary>The loops of one group.</summary>
    public LoopBounds Bounds { get; }

    /// <summary>Step of the filter.</summary>
    public int Stride { get; }

    /// <summary>Whether each channel has its own filter.</summary>
    public bool IsDepthwise { get; }

    /// <summary>How often the nest runs, one group after another: energy and cycles are multiplied by it.</summary>
    public int Groups { get; }

    /// <summary>Zeros at each border that are part of the input's extent.</summary>
    public int Padding { get; }

    /// <summary>Multiply-accumulates of one group.</summary>
    public long MacsPerGroup => Bounds.Product;

    /// <summary>The same layer with another bound of one loop.</summary>
    public Workload With(Dimension dimension, int bound) => new(Bounds.With(dimension, bound), Stride, IsDepthwise, Groups, Padding);

    /// <summary>Words of one tensor of one group.</summary>
    public long WordsOf(Operand operand)
    {
        LoopBounds b = Bounds;
        return operand switch
        {
            Operand.Weights => (long)b.K * b.C * b.R * b.S,
            Operand.Inputs => (long)b.N * b.C * (((b.P - 1L) * Stride) + b.R) * (((b.Q - 1L) * Stride) + b.S),
            _ => (long)b.N * (IsDepthwise ? b.C : b.K) * b.P * b.Q,
        };
    }

    /// <summary>Whether a loop walks over a tensor.</summary>
    public bool Walks(Dimension dimension, Operand operand) => operand switch
    {
        Operand.Weights => dimension is Dimension.K or Dimension.C or Dimension.R or Dimension.S,
        Operand.Inputs => dimension is not Dimension.K,
        _ => dimension is Dimension.N or Dimension.P or Dimension.Q || dimension == (IsDepthwise ? Dimension.C : Dimension.K),
    };
}
