namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>How the time that a memory needs becomes whole cycles.</summary>
public enum CycleRounding
{
    /// <summary>The least whole number of cycles in which the bits fit; never rises when bits fall.</summary>
    Exact,

    /// <summary>Timeloop's chain of divisions, which at times ends one cycle higher; for comparing with it, 16-bit words only.</summary>
    Timeloop,
}
