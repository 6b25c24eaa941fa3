using System.Globalization;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>A document's dataflow together with the architecture on which it is legal: nothing that comes from here breaks a loop, mesh or memory.</summary>
public sealed class CheckedDataflow
{
    private const int MaxBits = 64;
    private const string DimensionAndBound = "a dimension of N, K, C, P, Q, R, S and a bound";

    private CheckedDataflow(DataflowDocument document, Architecture architecture, Workload workload, EncodedMapping mapping)
    {
        Document = document;
        Architecture = architecture;
        Workload = workload;
        Mapping = mapping;
    }

    /// <summary>Where it was read.</summary>
    public DataflowDocument Document { get; }

    /// <summary>What it runs on.</summary>
    public Architecture Architecture { get; }

    /// <summary>The layer's loops.</summary>
    public Workload Workload { get; }

    /// <summary>The dataflow for the cost model.</summary>
    public EncodedMapping Mapping { get; }

    /// <summary>Checks one document.</summary>
    /// <param name="document">As read; its fields may hold anything.</param>
    /// <param name="architecture">Of the class that it names, or that the user chose.</param>
    /// <exception cref="InvalidDataException">The dataflow is not legal there; one sentence says what is wrong and what is accepted.</exception>
    public static CheckedDataflow From(DataflowDocument document, Architecture architecture)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(architecture);
        try
        {
            CheckFields(document);
            Workload workload = new(document.LoopsAsRun, document.Stride, document.IsDepthwise, document.Groups);
            EncodedMapping mapping = EncodedMapping.From(new Dataflow(document.Levels), architecture, workload);
            CostModel model = new(workload, architecture, document.Bits);
            for (int level = 0; level < architecture.Levels.Count; level++)
            {
                CheckKeeps(architecture, level, (OperandSet)mapping.Keeps[level]);
                CheckMesh(architecture, level, mapping);
                CheckCapacity(model, level, mapping);
            }

            return new CheckedDataflow(document, architecture, workload, mapping);
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"Layer '{document.Layer}': {fault.Message.Split(" (Parameter ")[0]}", fault);
        }
    }

    // JSON may put null and numbers that name nothing where the types promise otherwise.
    private static void CheckFields(DataflowDocument document)
    {
        if (document.Stride < 1)
            throw new ArgumentException($"stride is {document.Stride}; the least is 1.");
        if (document.Groups < 1)
            throw new ArgumentException($"groups is {document.Groups}; the least is 1.");
        OperandBits bits = document.Bits;
        ReadOnlySpan<(string, int)> widths =
            [("weights", bits.Weights), ("inputs", bits.Inputs), ("outputs", bits.Outputs), ("partialSums", bits.PartialSums)];
        foreach ((string field, int width) in widths)
        {
            if (width is < 1 or > MaxBits)
                throw new ArgumentException($"bits.{field} is {width}; 1 to {MaxBits} are accepted.");
        }

        if (bits.PartialSums < bits.Outputs)
            throw new ArgumentException($"bits.partialSums is {bits.PartialSums}; it is not below bits.outputs, {bits.Outputs}.");
        foreach ((int index, DataflowLevel? level) in document.Levels.Index())
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"levels[{index}]");
            if (level is null)
                throw new ArgumentException($"{at} is null; a level is accepted.");
            if (level.Temporal.Any(l => l is null || !Enum.IsDefined(l.Dimension)))
                throw new ArgumentException($"{at}.temporal has an entry that is no loop; {DimensionAndBound} are accepted.");
            if (level.Spatial.Any(l => l is null || !Enum.IsDefined(l.Dimension) || !Enum.IsDefined(l.Axis)))
                throw new ArgumentException($"{at}.spatial has an entry that is no loop; {DimensionAndBound} and an axis of X, Y are accepted.");
            if (level.Keeps.Any(o => !Enum.IsDefined(o)))
                throw new ArgumentException($"{at}.keeps has an entry that is no tensor; Weights, Inputs and Outputs are accepted.");
        }
    }

    private static void CheckKeeps(Architecture architecture, int level, OperandSet kept)
    {
        MemoryLevel memory = architecture.Levels[level];
        OperandSet tooMuch = kept & ~memory.Keeps, missing = memory.Keeps & ~memory.MayBypass & ~kept;
        if (tooMuch != OperandSet.None)
            throw new ArgumentException($"Level '{memory.Name}' keeps {Text(tooMuch)}; on '{architecture.Name}' it holds only {Text(memory.Keeps)}.");
        if (missing != OperandSet.None)
            throw new ArgumentException($"Level '{memory.Name}' does not keep {Text(missing)}, which cannot pass it by on '{architecture.Name}'.");
    }

    private static void CheckMesh(Architecture architecture, int level, EncodedMapping mapping)
    {
        (int columns, int rows) = architecture.ChildrenOf(level);
        foreach ((MeshAxis axis, int limit) in (ReadOnlySpan<(MeshAxis, int)>)[(MeshAxis.X, columns), (MeshAxis.Y, rows)])
        {
            int row = ((((int)axis + 1) * architecture.Levels.Count) + level) * MappingView.Width;
            long used = SearchSpace.ProductOf(mapping.Bounds, row);
            if (used > limit)
                throw new ArgumentException($"Level '{architecture.Levels[level].Name}' spreads over {used} along {axis}; '{architecture.Name}' has {limit} there.");
        }
    }

    private static void CheckCapacity(CostModel model, int level, EncodedMapping mapping)
    {
        MemoryLevel memory = model.Architecture.Levels[level];
        if (memory.CapacityWords is not long words)
            return;
        long held = words * Architecture.WordBits, needed = model.BitsKept(mapping.View, level);
        if (needed > held)
        {
            throw new ArgumentException(
                $"Level '{memory.Name}' of '{model.Architecture.Name}' holds {held} bits; its tiles take {needed}, {needed - held} too many.");
        }
    }

    private static string Text(OperandSet operands) => operands.ToString().ToLowerInvariant();
}
