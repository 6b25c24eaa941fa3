namespace InstantNet.Generation.Mapping;

/// <summary>One mapping as flat numbers, as the search holds thousands of them side by side. Owns nothing.</summary>
/// <remarks>
/// A row has <see cref="Width"/> entries, one per <see cref="Dimension"/> and one that is always 1, so that a row is one vector register.
/// With L levels, innermost first: rows 0..L-1 of <see cref="Bounds"/> are temporal, L..2L-1 spatial along X, 2L..3L-1 spatial along Y.
/// </remarks>
public readonly ref struct MappingView
{
    /// <summary>Entries in a row.</summary>
    public const int Width = 8;

    /// <summary>Loops of a nest.</summary>
    public const int Dimensions = 7;

    /// <param name="bounds">Trip counts, 3·L rows.</param>
    /// <param name="orders">Per level a permutation of the dimensions, innermost loop first, L rows.</param>
    /// <param name="keeps">Per level an <see cref="OperandSet"/>, L entries.</param>
    public MappingView(ReadOnlySpan<int> bounds, ReadOnlySpan<byte> orders, ReadOnlySpan<byte> keeps)
    {
        Bounds = bounds;
        Orders = orders;
        Keeps = keeps;
    }

    /// <summary>Trip counts.</summary>
    public ReadOnlySpan<int> Bounds { get; }

    /// <summary>Loop orders.</summary>
    public ReadOnlySpan<byte> Orders { get; }

    /// <summary>Tensors kept.</summary>
    public ReadOnlySpan<byte> Keeps { get; }
}
