using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training.Quantizers;

/// <summary>Grids of training as devices see them.</summary>
internal static class QuantizationGrids
{
    /// <summary>The grid with a width of step; its codes count from 0, so those of a signed grid move up.</summary>
    public static ActivationQuantizer ToQuantizer(this QuantizationGrid grid, float step) =>
        new(step, grid.IsSigned ? grid.StepsToClip : 0, grid.Bits);
}
