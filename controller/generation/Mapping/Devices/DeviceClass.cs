using System.Text.Json.Serialization;

namespace InstantNet.Generation.Mapping.Devices;

/// <summary>Where a device class's latency and energy come from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceKind>))]
public enum DeviceKind
{
    /// <summary>From the cost of a dataflow on a described accelerator.</summary>
    [JsonStringEnumMemberName("dataflow")]
    Dataflow,

    /// <summary>From measurements on the device; there is no dataflow.</summary>
    [JsonStringEnumMemberName("measured")]
    Measured,
}

/// <summary>A kind of device that networks are mapped for. Immutable; made by <see cref="DeviceClassReader"/>, which validates.</summary>
/// <param name="Id">Matches [a-z0-9_-]{1,64}.</param>
/// <param name="Kind">Where latency and energy come from.</param>
/// <param name="Description">One sentence for people.</param>
/// <param name="IdleMilliwatts">Power drawn while nothing runs.</param>
/// <param name="Accelerator">What a dataflow runs on; null exactly when the kind is <see cref="DeviceKind.Measured"/>.</param>
public sealed record DeviceClass(string Id, DeviceKind Kind, string Description, double IdleMilliwatts, Accelerator? Accelerator);

/// <summary>The part of a device class that dataflows run on.</summary>
/// <param name="Architecture">Memories and multiply-accumulate units.</param>
/// <param name="ClockMegahertz">Cycles per microsecond.</param>
/// <param name="AccumulatorBits">
/// Bits in which an unfinished sum is held and spilled, at every precision; a finished output has its own bits on its way to the outermost level.
/// </param>
/// <param name="Fpga">What the accelerator is built from when it is configured into an FPGA; null for a chip of its own.</param>
public sealed record Accelerator(Architecture Architecture, double ClockMegahertz, int AccumulatorBits, FpgaBudget? Fpga = null)
{
    /// <summary>Milliseconds of a number of cycles.</summary>
    public double Milliseconds(double cycles) => cycles / (ClockMegahertz * 1e3);

    /// <summary>Cycles in a number of milliseconds; null stays null.</summary>
    public double? CyclesIn(double? milliseconds) => milliseconds * ClockMegahertz * 1e3;

    /// <summary>Widths of a layer's words, partial sums in the accumulator's.</summary>
    public OperandBits WidthsFor(int weights, int inputs, int outputs) => new(weights, inputs, outputs, Math.Max(outputs, AccumulatorBits));
}
