using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Energy of several layers together, by memory level.</summary>
/// <param name="MacPicojoules">Multiply-accumulates.</param>
/// <param name="Levels">Outermost first; levels of one name are one.</param>
internal sealed record EnergyParts(double MacPicojoules, IReadOnlyList<LevelBreakdown> Levels)
{
    /// <summary>Charts and tables show joules.</summary>
    public const double JoulesPerPicojoule = 1e-12;

    /// <summary>What the parts of a level are called, in the order of <see cref="Of(LevelBreakdown)"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["weights", "inputs", "outputs", "network"];

    /// <summary>Everything.</summary>
    public double Picojoules => MacPicojoules + Levels.Sum(TotalOf);

    /// <summary>The parts of a level.</summary>
    public static double[] Of(LevelBreakdown level) => [level.WeightsPicojoules, level.InputsPicojoules, level.OutputsPicojoules, level.NetworkPicojoules];

    /// <summary>Energy of a level.</summary>
    public static double TotalOf(LevelBreakdown level) => Of(level).Sum();

    /// <summary>An energy in joules, unit scaled.</summary>
    public static string Text(double picojoules) => Quantity.Of(picojoules * JoulesPerPicojoule, "J");

    /// <summary>Adds layers up.</summary>
    public static EnergyParts Sum(IEnumerable<CostBreakdown> layers)
    {
        CostBreakdown[] parts = [.. layers];
        return new EnergyParts(parts.Sum(p => p.MacPicojoules),
        [
            .. parts.SelectMany(p => p.Levels).GroupBy(l => l.Level, StringComparer.Ordinal).Select(g => new LevelBreakdown(
                g.Key, g.Sum(l => l.WeightsPicojoules), g.Sum(l => l.InputsPicojoules), g.Sum(l => l.OutputsPicojoules),
                g.Sum(l => l.NetworkPicojoules), g.Sum(l => l.Cycles))),
        ]);
    }
}
