namespace InstantNet.Generation.Search;

/// <summary>The weight λ of the expected cost beside the loss: after each epoch it follows what the network derived then costs.</summary>
/// <remarks>
/// Source: the authors' code of InstantNet, where λ doubles above the band and halves below it. Below the least λ the sign turns, which the authors'
/// does not: in a short search the loss alone does not lift a network out of the cheap end of the space.
/// </remarks>
public static class CostSteering
{
    /// <summary>λ of the first epoch, the least there is; the cost counts as a part of the band's middle, so λ has no unit.</summary>
    public const double Start = 1.0 / 8;

    // Further out, the cost drowns the loss for as many epochs as it takes to come back.
    private const double Most = 64;

    /// <summary>λ of the next epoch.</summary>
    /// <param name="lambda">Of the one that ended; negative where a higher cost is wanted.</param>
    /// <param name="cost">Of the network derived at its end.</param>
    /// <param name="band">Where it should lie.</param>
    public static double Next(double lambda, double cost, TargetBand band) =>
        cost > band.High ? Dearer(lambda) : cost < band.Low ? -Dearer(-lambda) : lambda;

    private static double Dearer(double lambda) => lambda > 0 ? Math.Min(Most, lambda * 2) : lambda < -Start ? lambda / 2 : Start;
}
