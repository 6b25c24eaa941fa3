using System.Globalization;

namespace InstantNet.Generation.Search;

/// <summary>Gives every search the same time.</summary>
internal static class SearchBudget
{
    /// <param name="available">Seconds for all searches together.</param>
    /// <param name="secondsPerStep">Of each.</param>
    /// <param name="fewest">Steps of any, at least.</param>
    /// <returns>Steps of each.</returns>
    /// <exception cref="ArgumentException">The time does not suffice for the fewest steps of one of them.</exception>
    public static IReadOnlyList<int> Divide(double available, IReadOnlyList<double> secondsPerStep, int fewest)
    {
        double each = available / secondsPerStep.Count;
        double slowest = secondsPerStep.Max();
        return each >= fewest * slowest
            ? [.. secondsPerStep.Select(s => (int)Math.Min(int.MaxValue, each / s))]
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The budget does not suffice: a search has {fewest} steps or more of {slowest:F1} s each, and {Math.Max(0, each):F0} s are left for it."));
    }
}
