namespace InstantNet.Generation.Mapping;

/// <summary>One level of the memory hierarchy. A word is 16 bits.</summary>
public sealed record MemoryLevel
{
    /// <summary>What dataflows call the level.</summary>
    public required string Name { get; init; }

    /// <summary>Words of one instance, shared by the tensors kept there; null is unlimited (DRAM).</summary>
    public long? CapacityWords { get; init; }

    /// <summary>Picojoules of reading or writing one word.</summary>
    public double PicojoulesPerWord { get; init; }

    /// <summary>Picojoules of carrying one word to or from one instance of the next level inwards; 0 in Timeloop's explicit-energy mode.</summary>
    public double NetworkPicojoulesPerWord { get; init; }

    /// <summary>Words one instance can read in a cycle; null is unlimited.</summary>
    public double? ReadWordsPerCycle { get; init; }

    /// <summary>Words one instance can take in a cycle, fills and updates together; null is unlimited.</summary>
    public double? WriteWordsPerCycle { get; init; }

    /// <summary>Instances along the X axis of the whole array.</summary>
    public int Columns { get; init; } = 1;

    /// <summary>Instances along the Y axis of the whole array.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>Tensors that may be kept here.</summary>
    public OperandSet Keeps { get; init; } = OperandSet.All;

    /// <summary>Of those, the tensors that a dataflow may also send past this level.</summary>
    public OperandSet MayBypass { get; init; }

    /// <summary>Tensors that neighbouring engines of a pipeline hand over on chip instead of through this level; of the outermost level only.</summary>
    public OperandSet HandedOver { get; init; }

    /// <summary>Picojoules of handing one such word in or out.</summary>
    public double HandoverPicojoulesPerWord { get; init; }
}
