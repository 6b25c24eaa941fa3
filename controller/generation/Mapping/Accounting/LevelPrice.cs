namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>What a memory level charges and how fast it is, in the units that the hot path multiplies.</summary>
internal readonly struct LevelPrice(MemoryLevel level)
{
    private readonly double _readWords = level.ReadWordsPerCycle ?? double.PositiveInfinity;
    private readonly double _writeWords = level.WriteWordsPerCycle ?? double.PositiveInfinity;

    public double PicojoulesPerBit { get; } = level.PicojoulesPerWord / Architecture.WordBits;

    public double NetworkPicojoulesPerBit { get; } = level.NetworkPicojoulesPerWord / Architecture.WordBits;

    public double HandoverPicojoulesPerBit { get; } = level.HandoverPicojoulesPerWord / Architecture.WordBits;

    public bool IsUnlimited { get; } = level.ReadWordsPerCycle is null && level.WriteWordsPerCycle is null;

    /// <summary>Least whole cycles in which the bits can be moved; never rises when bits fall, since a division rounds monotonically.</summary>
    public long CyclesFor(long readBits, long writtenBits) => (long)Math.Ceiling(
        Math.Max(readBits / (_readWords * Architecture.WordBits), writtenBits / (_writeWords * Architecture.WordBits)));

    /// <summary>Timeloop's own arithmetic, rounding included: average demand per tensor, slow-down as a double, cycles divided by it.</summary>
    public long TimeloopCycles(ReadOnlySpan<long> words, double cycles)
    {
        double read = (words[0] / cycles) + (words[3] / cycles) + (words[6] / cycles);
        double written = ((words[1] + words[2]) / cycles) + ((words[4] + words[5]) / cycles) + ((words[7] + words[8]) / cycles);
        double slowdown = Math.Min(1, Math.Min(_readWords / read, _writeWords / written));
        return (long)Math.Ceiling(cycles / slowdown);
    }
}
