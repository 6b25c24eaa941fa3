namespace InstantNet.Controller.Rollouts;

/// <summary>Splits the devices of a rollout into waves. Pure.</summary>
internal static class WavePlan
{
    /// <summary>Most waves of a rollout.</summary>
    public const int MaxWaves = 20;

    /// <summary>What is wrong with shares that came from outside, as a sentence; null when nothing is.</summary>
    public static string? Fault(IReadOnlyList<double> cumulativeShares)
    {
        if (cumulativeShares.Count is < 1 or > MaxWaves)
            return $"waves has {cumulativeShares.Count} shares: 1 to {MaxWaves} are accepted.";
        for (int i = 0; i < cumulativeShares.Count; i++)
        {
            if (!(cumulativeShares[i] > (i == 0 ? 0 : cumulativeShares[i - 1])))
                return "waves must rise: each share says how much of the fleet is reached by then.";
        }

        return cumulativeShares[^1] == 1 ? null : "waves must end with 1, the whole selection.";
    }

    /// <summary>Wave of the device at a position, from 0.</summary>
    /// <param name="position">0..<paramref name="devices"/>-1.</param>
    /// <param name="devices">All devices of the rollout.</param>
    /// <param name="cumulativeShares">Without fault.</param>
    public static int WaveOf(int position, int devices, IReadOnlyList<double> cumulativeShares)
    {
        for (int wave = 0; wave < cumulativeShares.Count - 1; wave++)
        {
            if (position < Math.Ceiling(devices * cumulativeShares[wave]))
                return wave;
        }

        return cumulativeShares.Count - 1;
    }
}
