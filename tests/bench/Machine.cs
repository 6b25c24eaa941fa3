using System.Runtime.InteropServices;

namespace InstantNet.Bench;

/// <summary>Where numbers were measured: they mean nothing without it.</summary>
/// <param name="Processor">As the kernel names it.</param>
/// <param name="Processors">That this process may use.</param>
/// <param name="Runtime">Of .NET.</param>
internal sealed record Machine(string Processor, int Processors, string Runtime)
{
    private const string ProcessorName = "model name";

    public static Machine This() => new(NameOfProcessor(), Environment.ProcessorCount, RuntimeInformation.FrameworkDescription);

    public override string ToString() => $"{Processor}, {Processors} processors, {Runtime}";

    private static string NameOfProcessor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(ProcessorName, StringComparison.Ordinal)) is string line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
}
