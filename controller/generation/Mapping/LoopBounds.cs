namespace InstantNet.Generation.Mapping;

/// <summary>Trip counts of the seven loops, each at least 1.</summary>
/// <param name="N">Images.</param>
/// <param name="K">Output channels.</param>
/// <param name="C">Input channels.</param>
/// <param name="P">Output rows.</param>
/// <param name="Q">Output columns.</param>
/// <param name="R">Filter rows.</param>
/// <param name="S">Filter columns.</param>
public sealed record LoopBounds(int N, int K, int C, int P, int Q, int R, int S)
{
    /// <summary>Trip count of one loop.</summary>
    public int this[Dimension dimension] => dimension switch
    {
        Dimension.N => N,
        Dimension.K => K,
        Dimension.C => C,
        Dimension.P => P,
        Dimension.Q => Q,
        Dimension.R => R,
        Dimension.S => S,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "No such loop."),
    };

    /// <summary>The same with another trip count of one loop.</summary>
    public LoopBounds With(Dimension dimension, int bound) => dimension switch
    {
        Dimension.N => this with { N = bound },
        Dimension.K => this with { K = bound },
        Dimension.C => this with { C = bound },
        Dimension.P => this with { P = bound },
        Dimension.Q => this with { Q = bound },
        Dimension.R => this with { R = bound },
        Dimension.S => this with { S = bound },
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "No such loop."),
    };

    /// <summary>Iterations of the whole nest: the multiply-accumulates.</summary>
    public long Product => (long)N * K * C * P * Q * R * S;
}
