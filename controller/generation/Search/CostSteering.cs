namespace InstantNet.Generation.Search;

/// <summary>The weight λ of the expected cost beside the loss: after each epoch it follows what the network derived then costs.</summary>
/// <remarks>Source: the authors' code of InstantNet: λ doubles above the band and halves below it.</remarks>
public static class CostSteering
{
    /// <summary>λ of the first epoch; the cost counts as a part of the band's middle, so it has no unit.</summary>
    public const double Start = 1;

    // Further out, one of the two gradients drowns the other for as many epochs as it takes to come back.
    private const double Least = 1.0 / 64, Most = 64;

    /// <summary>λ of the next epoch.</summary>
    /// <param name="lambda">Of the one that ended.</param>
    /// <param name="cost">Of the network derived at its end.</param>
    /// <param name="band">Where it should lie.</param>
    public static double Next(double lambda, double cost, TargetBand band) =>
        cost > band.High ? Math.Min(Most, lambda * 2) : cost < band.Low ? Math.Max(Least, lambda / 2) : lambda;
}
