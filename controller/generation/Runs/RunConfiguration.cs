using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Generation.Runs;

/// <summary>What a run was asked for, and where it began: the file config.json of a run folder, there from the first step on.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Began">UTC.</param>
/// <param name="Options">What to generate; a run that is resumed goes by them.</param>
/// <param name="Budget">How the number of steps followed from a budget of time; null where it was given.</param>
/// <param name="Versions">Of the programs.</param>
/// <param name="Machine">Where it began.</param>
public sealed record RunConfiguration(
    int V, DateTimeOffset Began, GenerationOptions Options, StepBudget? Budget, RunVersions Versions, RunMachine Machine)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>Versions of what computes.</summary>
/// <param name="Product">Of InstantNet.</param>
/// <param name="Dotnet">Of the runtime.</param>
/// <param name="Libtorch">Trains.</param>
/// <param name="OnnxRuntime">Runs what was exported.</param>
public sealed record RunVersions(string Product, string Dotnet, string Libtorch, string OnnxRuntime)
{
    /// <summary>Of this process.</summary>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public static RunVersions Here() => new(
        typeof(RunVersions).Assembly.GetName().Version?.ToString(3) ?? "", Environment.Version.ToString(), TorchLibrary.Version,
        OrtEnv.Instance().GetVersionString());
}

/// <summary>A machine.</summary>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Architecture">Of this process.</param>
/// <param name="Processor">As the system names it.</param>
/// <param name="Cores">Logical ones, for this process.</param>
/// <param name="MemoryBytes">For this process.</param>
public sealed record RunMachine(string OperatingSystem, string Architecture, string Processor, int Cores, long MemoryBytes)
{
    /// <summary>This one.</summary>
    public static RunMachine Here() => new(
        RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture.ToString(), ProcessorName(), Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static string ProcessorName()
    {
        const string file = "/proc/cpuinfo", key = "model name";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "";
    }
}
