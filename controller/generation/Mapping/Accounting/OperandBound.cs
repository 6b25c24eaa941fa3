namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>Least energy of one tensor's accesses, over every choice of the levels that keep it. See <see cref="LowerBound"/> for the argument.</summary>
/// <param name="model">The accounting.</param>
/// <param name="operand">The tensor.</param>
/// <param name="servesEachMac">Whether the innermost level is accessed at each multiply-accumulate.</param>
internal readonly struct OperandBound(CostModel model, Operand operand, bool servesEachMac)
{
    /// <summary>Bits of a word of the tensor in its final form.</summary>
    public static int FinishedBits(OperandBits bits, Operand operand) =>
        operand switch { Operand.Weights => bits.Weights, Operand.Inputs => bits.Inputs, _ => bits.Outputs };

    /// <summary>Picojoules, all instances, of one group.</summary>
    public double LeastPicojoules()
    {
        IReadOnlyList<MemoryLevel> levels = model.Architecture.Levels;
        int must = 0, may = 0;
        for (int level = 0; level < levels.Count; level++)
        {
            int tensor = 1 << (int)operand;
            if (((int)levels[level].Keeps & tensor) == 0)
                continue;
            if (((int)levels[level].MayBypass & tensor) != 0)
                may |= 1 << level;
            else
                must |= 1 << level;
        }

        double least = double.PositiveInfinity;
        for (int chosen = may; ; chosen = (chosen - 1) & may)
        {
            least = Math.Min(least, Picojoules(must | chosen));
            if (chosen == 0)
                return least;
        }
    }

    private double Picojoules(int kept)
    {
        IReadOnlyList<MemoryLevel> levels = model.Architecture.Levels;
        double macs = model.Workload.MacsPerGroup, distinct = DistinctWords.Of(model, operand);
        bool isInnermost = true;
        double energy = 0, arriving = servesEachMac ? macs : distinct;
        for (int level = 0; level < levels.Count; level++)
        {
            if (model.Architecture.ChildrenOf(level) != (1, 1) && (model.Effects & PhysicalEffects.NetworkDeliveries) != 0)
                energy += arriving * Price(levels[level].NetworkPicojoulesPerWord, isFinished: false);
            if ((kept & (1 << level)) == 0)
                continue;
            double given = isInnermost && servesEachMac ? Math.Max(distinct, macs / Reach(level)) : distinct;
            energy += operand == Operand.Outputs ? Sums(level, given, isInnermost) : Copies(level, given, distinct);
            isInnermost = false;
            arriving = distinct;
        }

        return energy;
    }

    private double Copies(int level, double given, double distinct)
    {
        bool isOutermost = level == model.Architecture.Levels.Count - 1;
        return (given + (isOutermost ? 0 : distinct)) * Price(PicojoulesOf(level), isFinished: true);
    }

    /// <summary>Updates, and reads of what was there before: each instance spares the first read of each of its outputs.</summary>
    private double Sums(int level, double updates, bool isInnermost)
    {
        double outputs = model.Workload.WordsOf(Operand.Outputs);
        MemoryLevel memory = model.Architecture.Levels[level];
        double accumulations = model.Workload.MacsPerGroup / outputs;
        double sharers = Math.Min((double)memory.Columns * memory.Rows, accumulations);
        double reads = isInnermost ? Math.Max(0, updates - (outputs * sharers)) : 0;
        bool isOutermost = level == model.Architecture.Levels.Count - 1;
        double picojoules = PicojoulesOf(level);
        return isOutermost
            ? ((updates + reads - outputs) * Price(picojoules, isFinished: false)) + (outputs * Price(picojoules, isFinished: true))
            : (updates + reads) * Price(picojoules, isFinished: false);
    }

    private double PicojoulesOf(int level)
    {
        MemoryLevel memory = model.Architecture.Levels[level];
        return ((int)memory.HandedOver & (1 << (int)operand)) != 0 ? memory.HandoverPicojoulesPerWord : memory.PicojoulesPerWord;
    }

    private double Price(double picojoulesPerWord, bool isFinished) =>
        picojoulesPerWord / Architecture.WordBits * (operand == Operand.Outputs && !isFinished ? model.Bits.PartialSums : FinishedBits(model.Bits, operand));

    /// <summary>Most units that one access at a level can serve: the meshes from there inwards, and the loops that do not walk over the tensor.</summary>
    private double Reach(int level)
    {
        double mesh = 1, loops = 1;
        for (int inner = 0; inner <= level; inner++)
        {
            (int columns, int rows) = model.Architecture.ChildrenOf(inner);
            mesh *= columns * rows;
        }

        LoopBounds b = model.Workload.Bounds;
        foreach (Dimension dimension in Enum.GetValues<Dimension>())
        {
            loops *= model.Workload.Walks(dimension, operand) ? 1 : b[dimension];
        }

        if (operand == Operand.Inputs)
            loops *= Math.Min(b.P, b.R) * (double)Math.Min(b.Q, b.S);
        return Math.Min(mesh, loops);
    }
}
