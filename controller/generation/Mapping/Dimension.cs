namespace InstantNet.Generation.Mapping;

/// <summary>The seven loops of a convolution. R slides with P, S slides with Q; a fully connected layer has P = Q = R = S = 1.</summary>
public enum Dimension
{
    /// <summary>Images in the batch.</summary>
    N,

    /// <summary>Output channels; 1 for a depthwise layer, whose channels are <see cref="C"/>.</summary>
    K,

    /// <summary>Input channels.</summary>
    C,

    /// <summary>Output rows.</summary>
    P,

    /// <summary>Output columns.</summary>
    Q,

    /// <summary>Filter rows.</summary>
    R,

    /// <summary>Filter columns.</summary>
    S,
}
