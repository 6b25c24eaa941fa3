using System.Runtime.InteropServices;

namespace InstantNet.Agent.Inference;

/// <summary>The C library's heap, which ONNX Runtime allocates from.</summary>
internal static partial class NativeHeap
{
    /// <summary>Gives whole pages that nobody uses back to the kernel: milliseconds of work, after much was freed. Thread safe.</summary>
    /// <remarks>Source: malloc_trim(3), glibc. A session is freed by another thread than made it, so glibc would keep its pages.</remarks>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux())
            _ = malloc_trim(0); // whether there was anything to give back does not matter
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nuint pad);
}
