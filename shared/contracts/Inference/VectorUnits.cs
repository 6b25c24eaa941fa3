using System.Runtime.Intrinsics.X86;

namespace InstantNet.Contracts.Inference;

/// <summary>Which vector units of x64 this processor has and its operating system lets programs use; all false on other processors. Thread safe.</summary>
/// <remarks>
/// A program that was compiled ahead of time is told by <c>IsSupported</c> what every processor has that it was compiled for, not what this one has. So
/// Linux is asked: it lists a unit only if it also saves its registers.
/// Source: proc_cpuinfo(5); Linux, Documentation/arch/x86/cpuinfo.rst.
/// </remarks>
public static class VectorUnits
{
    private const string Processors = "/proc/cpuinfo", Flags = "flags";
    private static readonly string Known = OperatingSystem.IsLinux() && X86Base.IsSupported ? File.ReadAllText(Processors) : "";

    /// <summary>256-bit registers for integers.</summary>
    public static bool HasAvx2 { get; } = Avx2.IsSupported || Lists(Known, "avx2");

    /// <summary>512-bit registers for bytes and words.</summary>
    public static bool HasAvx512 { get; } = Avx512BW.IsSupported || Lists(Known, "avx512bw");

    /// <summary>Whether the first processor listed has a feature.</summary>
    /// <param name="processors">Content of /proc/cpuinfo.</param>
    /// <param name="feature">Linux's name of it.</param>
    public static bool Lists(string processors, string feature)
    {
        foreach (string line in processors.Split('\n'))
        {
            if (line.StartsWith(Flags, StringComparison.Ordinal))
                return line.Split(' ').Contains(feature);
        }

        return false;
    }
}
