namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>Turns the words moved at a level into bits, energy and cycles. Immutable.</summary>
internal sealed class LevelAccounting
{
    private readonly LevelPrice[] _prices;
    private readonly long[] _operandBits;
    private readonly long _discountBits;
    private readonly bool _roundsAsTimeloop;
    private readonly OperandSet _handedOver;

    public LevelAccounting(Workload workload, Architecture architecture, OperandBits bits, CycleRounding rounding)
    {
        _prices = [.. architecture.Levels.Select(l => new LevelPrice(l))];
        _operandBits = [bits.Weights, bits.Inputs, bits.PartialSums];
        _discountBits = workload.WordsOf(Operand.Outputs) * (bits.PartialSums - bits.Outputs);
        _handedOver = architecture.Levels[^1].HandedOver;
        _roundsAsTimeloop = rounding == CycleRounding.Timeloop;
    }

    public ref readonly LevelPrice PriceOf(int level) => ref _prices[level];

    /// <summary>Picojoules of one instance, and cycles when the units need <paramref name="macCycles"/>.</summary>
    /// <param name="level">Innermost is 0.</param>
    /// <param name="words">The level's nine entries.</param>
    /// <param name="macCycles">Cycles without any stall.</param>
    public (double Picojoules, long Cycles) Charge(int level, ReadOnlySpan<long> words, long macCycles)
    {
        (long read, long written) = BitsMoved(level, words);
        ref readonly LevelPrice price = ref _prices[level];
        double picojoules = price.PicojoulesPerBit * (read + written);
        if (_handedOver != OperandSet.None && level == _prices.Length - 1)
            picojoules += price.HandoverPicojoulesPerBit * HandedBits(words);
        if (price.IsUnlimited)
            return (picojoules, macCycles);
        return (picojoules, _roundsAsTimeloop ? price.TimeloopCycles(words, macCycles) : Math.Max(macCycles, price.CyclesFor(read, written)));
    }

    /// <summary>Picojoules that one instance spends on each tensor.</summary>
    public (double Weights, double Inputs, double Outputs) ByTensor(int level, ReadOnlySpan<long> words)
    {
        long finished = level == _prices.Length - 1 ? _discountBits : 0;
        return (
            PricePerBit(level, OperandSet.Weights) * (words[0] + words[1]) * _operandBits[0],
            PricePerBit(level, OperandSet.Inputs) * (words[3] + words[4]) * _operandBits[1],
            PricePerBit(level, OperandSet.Outputs) * (((words[6] + words[7] + words[8]) * _operandBits[2]) - finished));
    }

    // The final write to the outermost level is made at the output's own width, everything before it at the partial sum's.
    private (long Read, long Written) BitsMoved(int level, ReadOnlySpan<long> words)
    {
        long psum = _operandBits[2];
        long read = (words[0] * _operandBits[0]) + (words[3] * _operandBits[1]) + (words[6] * psum);
        long written = (words[1] * _operandBits[0]) + (words[4] * _operandBits[1]) + ((words[7] + words[8]) * psum);
        if (level < _prices.Length - 1)
            return (read, written);
        written -= _discountBits;
        return _handedOver == OperandSet.None ? (read, written) : WithoutHanded(words, read, written);
    }

    /// <summary>What still crosses the outermost level when neighbours hand tensors over on chip.</summary>
    private (long Read, long Written) WithoutHanded(ReadOnlySpan<long> words, long read, long written)
    {
        if ((_handedOver & OperandSet.Inputs) != 0)
            read -= words[3] * _operandBits[1];
        if ((_handedOver & OperandSet.Outputs) != 0)
            (read, written) = (read - (words[6] * _operandBits[2]), written - (words[8] * _operandBits[2]) + _discountBits);
        return (read, written);
    }

    private long HandedBits(ReadOnlySpan<long> words) =>
        ((_handedOver & OperandSet.Inputs) != 0 ? words[3] * _operandBits[1] : 0)
        + ((_handedOver & OperandSet.Outputs) != 0 ? ((words[6] + words[8]) * _operandBits[2]) - _discountBits : 0);

    private double PricePerBit(int level, OperandSet operand) => level == _prices.Length - 1 && (_handedOver & operand) != 0
        ? _prices[level].HandoverPicojoulesPerBit
        : _prices[level].PicojoulesPerBit;
}
