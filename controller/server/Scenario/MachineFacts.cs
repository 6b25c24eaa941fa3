using System.Runtime.InteropServices;
using InstantNet.Contracts.Inference;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Controller.Scenario;

/// <summary>Says where figures were measured.</summary>
internal static class MachineFacts
{
    /// <summary>Facts about this machine.</summary>
    public static MachineReport Read() =>
        new(Environment.ProcessorCount, CpuModel(), !IntegerKernels.NeedWide, RuntimeInformation.FrameworkDescription, OrtEnv.Instance().GetVersionString());

    private static string CpuModel()
    {
        const string key = "model name";
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
