using System.Runtime.InteropServices;

namespace InstantNet.Agent.Durable;

/// <summary>Flushes a directory, so that a rename in it survives a power cut. .NET cannot open a directory; libc can.</summary>
internal static partial class NativeDirectory
{
    private const int ReadOnlyDirectory = 0x80000; // O_RDONLY | O_CLOEXEC: the same value on every Linux architecture .NET runs on.

    /// <summary>Does nothing on systems other than Linux, where renames need no such help or offer none.</summary>
    /// <exception cref="IOException">The directory cannot be opened or flushed.</exception>
    public static void Flush(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        int descriptor = Open(path, ReadOnlyDirectory);
        if (descriptor < 0)
            throw new IOException($"{path} cannot be opened to flush it: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            if (Sync(descriptor) != 0)
                throw new IOException($"{path} cannot be flushed: error {Marshal.GetLastPInvokeError()}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
