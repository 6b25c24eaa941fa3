namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>Where a dataflow's energy and cycles go; the energies add up to the cost's, the largest number of cycles is the cost's.</summary>
/// <param name="MacPicojoules">Multiply-accumulates.</param>
/// <param name="MacCycles">Cycles that the units need when nothing stalls.</param>
/// <param name="Levels">Memory levels, outermost first.</param>
public sealed record CostBreakdown(double MacPicojoules, long MacCycles, IReadOnlyList<LevelBreakdown> Levels)
{
    /// <summary>The same as often as a layer has groups.</summary>
    public CostBreakdown Times(int groups) => new(MacPicojoules * groups, MacCycles * groups, [.. Levels.Select(l => new LevelBreakdown(
        l.Level, l.WeightsPicojoules * groups, l.InputsPicojoules * groups, l.OutputsPicojoules * groups, l.NetworkPicojoules * groups, l.Cycles * groups))]);
}

/// <summary>One memory level's part, all instances.</summary>
/// <param name="Level">Its name.</param>
/// <param name="WeightsPicojoules">Reads and writes of weights.</param>
/// <param name="InputsPicojoules">Reads and writes of inputs.</param>
/// <param name="OutputsPicojoules">Reads and writes of outputs and partial sums.</param>
/// <param name="NetworkPicojoules">Carrying words to and from what is inside the level.</param>
/// <param name="Cycles">Cycles that its bandwidth allows at the least, not below the units' own.</param>
public sealed record LevelBreakdown(
    string Level, double WeightsPicojoules, double InputsPicojoules, double OutputsPicojoules, double NetworkPicojoules, long Cycles);
