using System.Runtime.InteropServices;

namespace InstantNet.Bench.Train;

/// <summary>How much memory the process held at most since a moment, above what it held then, as the kernel counts it.</summary>
internal sealed partial class ResidentMemory
{
    private const string Status = "/proc/self/status", ClearReferences = "/proc/self/clear_refs";

    // Makes the kernel forget the peak so far. Source: proc(5).
    private const string ForgetPeak = "5";

    private readonly long _before;

    /// <summary>Begins, after what malloc keeps for nobody went back to the kernel.</summary>
    public ResidentMemory()
    {
        _ = malloc_trim(0); // whether it gave anything back does not matter
        File.WriteAllText(ClearReferences, ForgetPeak);
        _before = Bytes("VmRSS:");
    }

    /// <summary>Bytes of the peak above the beginning.</summary>
    public long PeakBytes => Bytes("VmHWM:") - _before;

    private static long Bytes(string name)
    {
        string line = File.ReadLines(Status).First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..^"kB".Length].Trim(), System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nuint pad);
}
