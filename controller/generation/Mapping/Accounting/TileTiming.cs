namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>What tiles that arrive one at a time cost in cycles beyond the average over the run. Immutable.</summary>
/// <param name="geometry">Sizes of tiles.</param>
/// <param name="accounting">Bandwidths.</param>
/// <param name="bits">Widths of words.</param>
internal sealed class TileTiming(LoopGeometry geometry, LevelAccounting accounting, OperandBits bits)
{
    private const int Width = MappingView.Width;

    /// <summary>Cycles when each step waits for the tiles that it needs: the tensor that changes most often sets the steps, the other arrives at some of them.</summary>
    /// <param name="level">The level that gives.</param>
    /// <param name="words">Its nine entries.</param>
    /// <param name="child">Extents of what one child holds.</param>
    /// <param name="kept">What the child keeps, an <see cref="OperandSet"/>.</param>
    /// <param name="macCycles">Cycles without any stall.</param>
    public long SteppedCycles(int level, ReadOnlySpan<long> words, ReadOnlySpan<int> child, int kept, long macCycles)
    {
        ref readonly LevelPrice price = ref accounting.PriceOf(level);
        if (price.IsUnlimited)
            return macCycles;
        long weightSteps = Steps(words[0], LoopGeometry.WeightTile(child), kept & (int)OperandSet.Weights);
        long inputSteps = Steps(words[3], geometry.InputTile(child), kept & (int)OperandSet.Inputs);
        long steps = Math.Max(weightSteps, inputSteps), both = Math.Min(weightSteps, inputSteps);
        if (both == 0)
            return macCycles;
        double step = (double)macCycles / steps;
        double weightCycles = price.CyclesFor(words[0] * bits.Weights, 0) / (double)weightSteps;
        double inputCycles = price.CyclesFor(words[3] * bits.Inputs, 0) / (double)inputSteps;
        double frequent = weightSteps >= inputSteps ? weightCycles : inputCycles;
        return (long)Math.Ceiling((both * Math.Max(step, weightCycles + inputCycles)) + ((steps - both) * Math.Max(step, frequent)));
    }

    /// <summary>Cycles to load the first tiles level by level, and to drain the last outputs.</summary>
    /// <param name="below">Extents, see <see cref="LoopGeometry.Extents"/>.</param>
    /// <param name="keeps">Per level an <see cref="OperandSet"/>.</param>
    public long FirstAndLastTile(ReadOnlySpan<int> below, ReadOnlySpan<byte> keeps)
    {
        long cycles = 0;
        for (int level = 1; level < keeps.Length; level++)
        {
            ref readonly LevelPrice price = ref accounting.PriceOf(level);
            if (price.IsUnlimited)
                continue;
            ReadOnlySpan<int> tile = below.Slice(level * Width, Width);
            int kept = keeps[level - 1];
            long read = ((kept & (int)OperandSet.Weights) != 0 ? LoopGeometry.WeightTile(tile) * bits.Weights : 0)
                + ((kept & (int)OperandSet.Inputs) != 0 ? geometry.InputTile(tile) * bits.Inputs : 0);
            long written = (kept & (int)OperandSet.Outputs) != 0 ? geometry.OutputTile(tile) * bits.PartialSums : 0;
            cycles += price.CyclesFor(read, 0) + price.CyclesFor(0, written);
        }

        return cycles;
    }

    private static long Steps(long words, long tile, int kept) => kept == 0 ? 0 : Math.Max(1, words / tile);
}
