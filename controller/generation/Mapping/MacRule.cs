using System.Text.Json.Serialization;

namespace InstantNet.Generation.Mapping;

/// <summary>How a multiply-accumulate unit profits from narrow operands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MacRule>))]
public enum MacRule
{
    /// <summary>Not at all: one 16-bit multiply-accumulate a cycle whatever the operands hold.</summary>
    [JsonStringEnumMemberName("fixed")]
    Fixed,

    /// <summary>Fused 2-bit bricks: (16 / weight bits) · (16 / input bits) multiply-accumulates a cycle (Sharma et al., Bit Fusion, ISCA 2018).</summary>
    [JsonStringEnumMemberName("bitfusion")]
    BitFusion,

    /// <summary>Inputs enter bit by bit: 16 / input bits multiply-accumulates a cycle (Judd et al., Stripes, MICRO 2016).</summary>
    [JsonStringEnumMemberName("bitserial")]
    BitSerial,

    /// <summary>
    /// Side by side in one wide multiplier, one operand shared: 16 / max(weight bits, input bits) multiply-accumulates a cycle, so two of 8 bits
    /// or four of 4 bits in the DSP of an FPGA (Xilinx WP486, 2016, for 8 bits; WP521, 2020, for 4 bits).
    /// </summary>
    [JsonStringEnumMemberName("packed")]
    Packed,
}
