using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>What decides how long a layer takes.</summary>
internal static class Limiter
{
    /// <summary>The memory level whose bandwidth needs the most cycles, the outermost of equal ones; null when none needs more than the units do.</summary>
    public static string? LevelOf(CostBreakdown breakdown) =>
        breakdown.Levels.Where(l => l.Cycles > breakdown.MacCycles).MaxBy(l => l.Cycles)?.Level;
}
