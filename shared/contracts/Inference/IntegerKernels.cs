using System.Runtime.Intrinsics.X86;

namespace InstantNet.Contracts.Inference;

/// <summary>Whether this CPU multiplies unsigned by signed bytes exactly, and what to tell ONNX Runtime when it does not.</summary>
/// <remarks>
/// On x64 with AVX2 but without VNNI, ONNX Runtime sums pairs of byte products in 16 bits (vpmaddubsw), which saturate for full-range
/// weights: logits come out plainly wrong. With <see cref="WideKernelsKey"/> it takes kernels that widen first: bit-identical to VNNI, but
/// two times slower on CPUs that have VNNI, so it is set only where it is needed. ARM is never affected.
/// Source: onnxruntime_session_options_config_keys.h, kOrtSessionOptionsAvx2PrecisionMode.
/// </remarks>
public static class IntegerKernels
{
    /// <summary>Session configuration entry that selects the kernels that cannot saturate; its value is <see cref="WideKernelsValue"/>.</summary>
    public const string WideKernelsKey = "session.x64quantprecision";

    /// <summary>Value of <see cref="WideKernelsKey"/>: on.</summary>
    public const string WideKernelsValue = "1";

    private const int ExtendedFeatures = 7;
    private const int Avx512VnniBit = 11;
    private const int AvxVnniBit = 4;

    /// <summary>True when integer sessions on this CPU need <see cref="WideKernelsKey"/> to compute exactly.</summary>
    public static bool NeedWide { get; } = X86Base.IsSupported && !ThisCpuHasVnni();

    /// <summary>Reads CPUID leaf 7.</summary>
    /// <param name="subleaf0Ecx">ECX of sub-leaf 0: AVX512_VNNI is bit 11.</param>
    /// <param name="subleaf1Eax">EAX of sub-leaf 1, 0 where the CPU has no such sub-leaf: AVX_VNNI is bit 4.</param>
    /// <param name="wideRegisters">Whether CPU and operating system support 512-bit registers; without them AVX512_VNNI cannot be used.</param>
    /// <remarks>Source: Intel SDM volume 2A, CPUID, table 3-8.</remarks>
    public static bool HasVnni(int subleaf0Ecx, int subleaf1Eax, bool wideRegisters) =>
        (wideRegisters && (subleaf0Ecx >> Avx512VnniBit & 1) != 0) || (subleaf1Eax >> AvxVnniBit & 1) != 0;

    private static bool ThisCpuHasVnni()
    {
        if (!VectorUnits.HasAvx2 || X86Base.CpuId(0, 0).Eax < ExtendedFeatures)
            return false;
        (int lastSubleaf, _, int ecx, _) = X86Base.CpuId(ExtendedFeatures, 0);
        int eax = lastSubleaf >= 1 ? X86Base.CpuId(ExtendedFeatures, 1).Eax : 0;
        return HasVnni(ecx, eax, VectorUnits.HasAvx512);
    }
}
