using System.Runtime.InteropServices;

namespace InstantNet.Bench.Mqtt;

/// <summary>How many files and sockets this process, and the broker that inherits it, may hold open.</summary>
internal static partial class OpenFileLimit
{
    /// <summary>RLIMIT_NOFILE. Source: asm-generic/resource.h.</summary>
    private const int Files = 7;

    /// <summary>Raises the limit if it is too low and the kernel lets this user.</summary>
    /// <param name="wanted">Open files.</param>
    /// <returns>The limit that holds now.</returns>
    public static long Raise(long wanted)
    {
        if (Read(Files, out Limits now) != 0 || (long)now.Soft >= wanted)
            return (long)now.Soft;
        var more = new Limits((nuint)wanted, (nuint)Math.Max((long)now.Hard, wanted));
        return Write(Files, more) == 0 ? wanted : (long)now.Soft;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Read(int resource, out Limits limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Write(int resource, in Limits limits);

    // struct rlimit.
    private readonly record struct Limits(nuint Soft, nuint Hard);
}
