using System.Globalization;
using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>An accelerator as far as Timeloop 3.0.3 can describe it, what got lost, and what Timeloop must report.</summary>
/// <remarks>
/// Timeloop has one word width a level, charges no width of its own to partial sums, and parses the energy of a multiply-accumulate as an integer.
/// What is written is an upper bound where words differ: every word as wide as the widest.
/// </remarks>
internal sealed class TimeloopTerms
{
    private TimeloopTerms(Architecture architecture, int wordBits, IReadOnlyList<DataflowLevel> blocks, Cost expected, IReadOnlyList<string> losses)
    {
        Architecture = architecture;
        WordBits = wordBits;
        Blocks = blocks;
        Expected = expected;
        Losses = losses;
    }

    /// <summary>Energies, bandwidths and capacities per word of <see cref="WordBits"/>; no network energies.</summary>
    public Architecture Architecture { get; }

    /// <summary>Bits of every word.</summary>
    public int WordBits { get; }

    /// <summary>The dataflow with each loop spread along one axis only, outermost level first.</summary>
    public IReadOnlyList<DataflowLevel> Blocks { get; }

    /// <summary>Picojoules and cycles of one group that Timeloop must report.</summary>
    public Cost Expected { get; }

    /// <summary>What could not be said and what was written instead, a sentence each; empty when Timeloop's figures are ours.</summary>
    public IReadOnlyList<string> Losses { get; }

    public static TimeloopTerms Of(CheckedDataflow flow)
    {
        OperandBits bits = flow.Document.Bits;
        int width = Math.Max(Math.Max(bits.Weights, bits.Inputs), bits.PartialSums);
        Dictionary<string, long> enlarged = new(StringComparer.Ordinal);
        CostModel words = new(flow.Workload, flow.Architecture, new OperandBits(1, 1, 1, 1));
        MemoryLevel[] levels = [.. flow.Architecture.Levels.Select((l, i) => InWords(l, width, words.BitsKept(flow.Mapping.View, i), enlarged))];
        double picojoules = flow.Architecture.Macs.PicojoulesAt(bits), integer = Math.Round(picojoules, MidpointRounding.AwayFromZero);
        MacArray macs = new() { Columns = flow.Architecture.Macs.Columns, Rows = flow.Architecture.Macs.Rows, PicojoulesPerMac = integer };
        List<string> losses = [.. Differences(flow, width, picojoules, integer, enlarged)];
        IReadOnlyList<DataflowLevel> blocks = flow.Document.Levels;
        if (blocks.Any(SpreadsOneLoopOverBothAxes))
        {
            losses.Add("A loop spread along both axes: the mesh is written as one row, which costs the same without link transfers.");
            levels = [.. levels.Select(l => l with { Columns = l.Columns * l.Rows, Rows = 1 })];
            macs = new MacArray { Columns = macs.Count, Rows = 1, PicojoulesPerMac = integer };
            blocks = [.. blocks.Select(b => b with { Spatial = [.. b.Spatial.Select(l => l with { Axis = MeshAxis.X })] })];
        }

        Architecture architecture = new(flow.Architecture.Name, levels, macs);
        CostModel model = new(flow.Workload, architecture, OperandBits.Words, CycleRounding.Timeloop, PhysicalEffects.None);
        Cost expected = model.Evaluate(flow.Mapping.View, new long[model.CountsLength]);
        return new TimeloopTerms(architecture, width, blocks, expected, losses);
    }

    private static bool SpreadsOneLoopOverBothAxes(DataflowLevel block) =>
        block.Spatial.Where(l => l.Bound > 1).GroupBy(l => l.Dimension).Any(g => g.Select(l => l.Axis).Distinct().Count() > 1);

    private static MemoryLevel InWords(MemoryLevel level, int width, long wordsKept, Dictionary<string, long> enlarged)
    {
        double share = (double)width / Mapping.Architecture.WordBits;
        long? entries = level.CapacityWords * Mapping.Architecture.WordBits / width;
        if (entries < wordsKept)
        {
            enlarged[level.Name] = entries.Value;
            entries = wordsKept;
        }

        return level with
        {
            CapacityWords = entries,
            PicojoulesPerWord = level.PicojoulesPerWord * share,
            NetworkPicojoulesPerWord = 0,
            ReadWordsPerCycle = level.ReadWordsPerCycle / share,
            WriteWordsPerCycle = level.WriteWordsPerCycle / share,
        };
    }

    private static IEnumerable<string> Differences(CheckedDataflow flow, int width, double picojoules, double integer, Dictionary<string, long> enlarged)
    {
        OperandBits bits = flow.Document.Bits;
        if (bits.Weights != width || bits.Inputs != width)
        {
            yield return Text(
                $"Words of different widths (weights {bits.Weights}, inputs {bits.Inputs}, partial sums {bits.PartialSums} bits): every word has {width} bits, the widest.");
        }

        if (bits.PartialSums != bits.Outputs)
            yield return Text($"A finished output of {bits.Outputs} bits that leaves a partial sum of {bits.PartialSums}: outputs have {width} bits throughout.");
        foreach ((string level, long entries) in enlarged)
            yield return Text($"{level} holds {entries} words of {width} bits, and more narrow ones: it is written with as many words as the tiles have.");
        foreach (MemoryLevel level in flow.Architecture.Levels.Where(l => l.NetworkPicojoulesPerWord != 0))
            yield return Text($"Network energy from {level.Name} ({level.NetworkPicojoulesPerWord:R} pJ for each 16 bits that a child receives or sends): 0.");
        if (picojoules != integer)
            yield return Text($"{picojoules:R} pJ for a multiply-accumulate: Timeloop parses an integer, so {integer:R}.");
        if (flow.Architecture.Macs.MacsPerCycle(bits) is var rate and not 1)
            yield return Text($"Units that make {rate:R} multiply-accumulates a cycle at these widths ({flow.Architecture.Macs.Rule}): one a cycle.");
        if (flow.Workload.Groups > 1)
            yield return Text($"{flow.Workload.Groups} groups, one after another: one group is written; multiply energy and cycles by {flow.Workload.Groups}.");
    }

    private static string Text(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
