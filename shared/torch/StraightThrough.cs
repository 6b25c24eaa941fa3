namespace InstantNet.Torch;

/// <summary>Which inputs of a rounding get the gradient of its output; the rounding itself counts as a slope of 1.</summary>
public enum StraightThrough
{
    /// <summary>Those that lie between the lowest and the highest code.</summary>
    InsideRange,

    /// <summary>All, also where they were clipped.</summary>
    Everywhere,
}
