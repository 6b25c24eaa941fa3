namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Writes the headers: types of b bits, and a layer's sizes and kernel.</summary>
internal static class HlsTypes
{
    /// <summary>Name of the header with the types of b bits.</summary>
    public const string FixedBitsHeader = "fixed_bits.h";

    /// <summary>Integers of b bits: the synthesiser's own, and for other compilers ones that wrap as those do.</summary>
    public const string FixedBits = """
        // Integers of 1 to 63 bits that wrap around. Under synthesis they are the vendor's ap_int and ap_uint.
        #pragma once

        #ifdef __SYNTHESIS__
        #include <ap_int.h>

        template <int Bits> using signed_bits = ap_int<Bits>;
        template <int Bits> using unsigned_bits = ap_uint<Bits>;
        #else
        #include <cstdint>
        #include <type_traits>

        template <int Bits> class signed_bits {
            static_assert(Bits >= 1 && Bits <= 63, "1 to 63 bits");
            using storage = std::conditional_t<(Bits <= 8), std::int8_t,
                std::conditional_t<(Bits <= 16), std::int16_t, std::conditional_t<(Bits <= 32), std::int32_t, std::int64_t>>>;
            storage value = 0;

            static storage wrap(long long wide) {
                return static_cast<storage>(static_cast<long long>(static_cast<unsigned long long>(wide) << (64 - Bits)) >> (64 - Bits));
            }

        public:
            signed_bits() = default;
            signed_bits(long long wide) : value(wrap(wide)) {}
            operator long long() const { return value; }
            signed_bits &operator+=(long long more) { value = wrap(value + more); return *this; }
        };

        template <int Bits> class unsigned_bits {
            static_assert(Bits >= 1 && Bits <= 63, "1 to 63 bits");
            using storage = std::conditional_t<(Bits <= 8), std::uint8_t,
                std::conditional_t<(Bits <= 16), std::uint16_t, std::conditional_t<(Bits <= 32), std::uint32_t, std::uint64_t>>>;
            storage value = 0;

        public:
            unsigned_bits() = default;
            unsigned_bits(long long wide) : value(static_cast<storage>(static_cast<unsigned long long>(wide) & (~0ULL >> (64 - Bits)))) {}
            operator long long() const { return static_cast<long long>(value); }
        };
        #endif

        """;

    /// <summary>The header of one layer.</summary>
    public static string Header(HlsPlan plan)
    {
        CheckedDataflow flow = plan.Flow;
        OperandBits bits = flow.Document.Bits;
        CodeText code = new();
        code.Comment($"Layer {flow.Document.Layer} of {flow.Document.Network} on {flow.Architecture.Name}, no padding.");
        if (flow.Workload.Groups > 1)
            code.Line($"// The kernel computes one of {flow.Workload.Groups} groups; they run one after another.");
        code.Line($"// Weights are signed, inputs unsigned integers. Sums have {plan.AccumulatorBits} bits, so that every sum of this layer's products is exact;");
        code.Line($"// the cost model holds them in {bits.PartialSums}. Rounding a finished sum to {bits.Outputs} bits is left to what reads the outputs.");
        code.Line($"#pragma once");
        code.Line();
        code.Line($"#include \"{FixedBitsHeader}\"");
        code.Line();
        code.Line($"namespace {plan.Identifier} {{");
        code.Line($"using weight_t = signed_bits<{bits.Weights}>;");
        code.Line($"using input_t = unsigned_bits<{bits.Inputs}>;");
        code.Line($"using sum_t = signed_bits<{plan.AccumulatorBits}>;");
        code.Line($"}}");
        code.Line();
        code.Line($"{Signature(plan)};");
        return code.ToString();
    }

    /// <summary>The kernel's declaration, without an end.</summary>
    public static string Signature(HlsPlan plan)
    {
        string Parameter(Operand operand) =>
            $"{(operand == Operand.Outputs ? "" : "const ")}{plan.Identifier}::{TypeOf(operand)} {operand.ToString().ToLowerInvariant()}{Sizes(plan, operand)}";
        return $"void {plan.Identifier}_kernel({string.Join(", ", Enum.GetValues<Operand>().Select(Parameter))})";
    }

    /// <summary>The type of a tensor's elements.</summary>
    public static string TypeOf(Operand operand) => operand switch { Operand.Weights => "weight_t", Operand.Inputs => "input_t", _ => "sum_t" };

    /// <summary>Sizes of a whole tensor, as C++ writes them.</summary>
    public static string Sizes(HlsPlan plan, Operand operand) =>
        string.Concat(plan.Shape(operand, d => plan.Flow.Workload.Bounds[d]).Select(s => FormattableString.Invariant($"[{s}]")));
}
