using System.Diagnostics;
using System.Runtime.InteropServices;

namespace InstantNet.Agent.Sensors;

/// <summary>The processor clock of the calling thread; .NET offers only the one of the process.</summary>
internal static unsafe partial class NativeClock
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID, linux/time.h.
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const double NanosecondsPerMillisecond = 1e6;

    /// <summary>Nanoseconds the calling thread has run; on systems other than Linux, nanoseconds that have passed.</summary>
    public static long ThreadProcessorNanoseconds()
    {
        if (!OperatingSystem.IsLinux())
            return Stopwatch.GetElapsedTime(0).Ticks * TimeSpan.NanosecondsPerTick;
        Timespec now;
        return GetTime(ThreadProcessorTime, &now) == 0 ? now.Seconds * NanosecondsPerSecond + now.Nanoseconds : 0;
    }

    /// <summary>Milliseconds the calling thread has run since it read <see cref="ThreadProcessorNanoseconds"/>.</summary>
    public static double MillisecondsSince(long nanoseconds) => (ThreadProcessorNanoseconds() - nanoseconds) / NanosecondsPerMillisecond;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, Timespec* time);

    /// <summary>struct timespec of 64-bit Linux.</summary>
    private readonly struct Timespec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
