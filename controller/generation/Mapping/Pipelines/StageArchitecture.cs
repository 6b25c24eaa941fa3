namespace InstantNet.Generation.Mapping.Pipelines;

/// <summary>The part of an accelerator that one stage of a pipeline has for itself. Pure.</summary>
internal static class StageArchitecture
{
    /// <summary>Whether an accelerator can be cut into engines: one array below one buffer below the outermost memory.</summary>
    public static bool CanBeCut(Architecture architecture) =>
        architecture.Levels.Count >= 2 && Buffer(architecture) is { CapacityWords: not null }
        && Enumerable.Range(0, architecture.Levels.Count).All(l => architecture.ChildrenOf(l) == (1, 1) || l == architecture.Levels.Count - 2);

    /// <summary>The memory that is shared out.</summary>
    public static MemoryLevel Buffer(Architecture architecture) => architecture.Levels[^2];

    /// <param name="architecture">The whole accelerator.</param>
    /// <param name="share">What the stage gets of it.</param>
    /// <param name="handedOver">Activations that neighbours hand over on chip: they cost an access of the buffer instead of the outermost memory.</param>
    public static Architecture Of(Architecture architecture, StageShare share, OperandSet handedOver)
    {
        MemoryLevel buffer = Buffer(architecture);
        List<MemoryLevel> levels = [.. architecture.Levels.SkipLast(2).Select(l => l with { Columns = share.Columns, Rows = share.Rows })];
        levels.Add(buffer with { CapacityWords = share.BufferBits / Architecture.WordBits });
        levels.Add(architecture.Levels[^1] with { HandedOver = handedOver, HandoverPicojoulesPerWord = buffer.PicojoulesPerWord });
        return new Architecture(architecture.Name, levels, architecture.Macs with { Columns = share.Columns, Rows = share.Rows });
    }
}
