namespace InstantNet.Generation;

/// <summary>Scores as shares of 1.</summary>
internal static class Softmax
{
    /// <summary>Shares of a row of finite scores of any size; at least one.</summary>
    public static double[] Of(float[] scores)
    {
        double most = scores.Max();
        double[] powers = [.. scores.Select(s => Math.Exp(s - most))];
        double sum = powers.Sum();
        return [.. powers.Select(p => p / sum)];
    }

    /// <summary>Natural logarithms of those shares, finite however small a share is.</summary>
    public static double[] LogOf(float[] scores)
    {
        double most = scores.Max(), sum = scores.Sum(s => Math.Exp(s - most));
        return [.. scores.Select(s => s - most - Math.Log(sum))];
    }
}
