using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace InstantNet.Agent.Inference;

/// <summary>Long work that gives way: on a thread of its own, which the kernel lets run when the threads that answer frames do not want to.</summary>
/// <remarks>
/// Source: nice(2), sched(7); on Linux each thread has a nice value of its own. It is never raised again, which a service may not do: the thread ends
/// with its work. .NET's thread priorities do nothing on Linux.
/// </remarks>
internal static partial class PatientThread
{
    // A tenth of the share of a thread of ordinary priority, when both want the same core.
    private const int Niceness = 10;

    /// <summary>Does the work and waits for it.</summary>
    /// <returns>What it gave; what it threw is thrown here.</returns>
    public static T Run<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            if (OperatingSystem.IsLinux())
                _ = nice(Niceness); // without it the work is only less polite
            try
            {
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }) { IsBackground = true, Name = "patient" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int nice(int increment);
}
