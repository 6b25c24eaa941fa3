using System.Text.Json.Serialization;

namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>What hardware does and Timeloop's accounting leaves out; each effect is a switch of its own.</summary>
/// <remarks>Mode <c>timeloop</c> is <see cref="None"/>, mode <c>physical</c> is <see cref="Physical"/>; device classes are mapped with <see cref="NetworkDeliveries"/>.</remarks>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<PhysicalEffects>))]
public enum PhysicalEffects
{
    /// <summary>Timeloop's accounting.</summary>
    None = 0,

    /// <summary>A partial sum that leaves a level is read there.</summary>
    DrainReads = 1,

    /// <summary>Each unit has a register per operand: the innermost level is accessed only when an operand changes.</summary>
    OperandRegisters = 1 << 1,

    /// <summary>The first accumulation reads its starting value too: hardware that cannot start from zero. Not part of <see cref="Physical"/>.</summary>
    FirstSumReads = 1 << 2,

    /// <summary>Rows and columns between the windows of a stride above the filter are not fetched.</summary>
    TouchedInputs = 1 << 3,

    /// <summary>The zeros around an image are made, not fetched.</summary>
    ZeroPadding = 1 << 4,

    /// <summary>A window that slides keeps its overlap also when loops turn in between over which the input does not move.</summary>
    SlidingHalo = 1 << 5,

    /// <summary>Rows and columns that neighbouring children share are read once.</summary>
    SpatialHalo = 1 << 6,

    /// <summary>A step whose tile arrives later than the work on the one before lasts stalls, whatever the average over the run.</summary>
    TileBandwidth = 1 << 7,

    /// <summary>Tiles need room twice, so that one can be loaded while the other is worked on; the first load and the last drain overlap with nothing.</summary>
    DoubleBuffers = 1 << 8,

    /// <summary>Each word that arrives at a child costs the class's network energy: multicast is not free.</summary>
    NetworkDeliveries = 1 << 9,

    /// <summary>Adding up the sums of several children costs additions: spatial reduction is not free.</summary>
    SpatialAdders = 1 << 10,

    /// <summary>Utilisation is of the units that the mapping uses, while they work: idle units and stalls are not in it.</summary>
    BusyUtilization = 1 << 11,

    /// <summary>All groups of a grouped layer are charged, one after the other.</summary>
    AllGroups = 1 << 12,

    /// <summary>Mode <c>physical</c>: everything that is true of an accelerator with zero-started accumulators.</summary>
    Physical = DrainReads | OperandRegisters | TouchedInputs | ZeroPadding | SlidingHalo | SpatialHalo | TileBandwidth | DoubleBuffers
        | NetworkDeliveries | SpatialAdders | BusyUtilization | AllGroups,
}
