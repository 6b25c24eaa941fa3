using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace InstantNet.Agent.Inference;

/// <summary>One thread for long work that gives way: the kernel lets it run when the threads that answer frames do not want to. Work is done in order.
/// Thread safe.</summary>
/// <remarks>
/// Source: nice(2), sched(7); on Linux each thread has a nice value of its own. .NET's thread priorities do nothing on Linux. One thread, not one for
/// each piece of work: the C library gives each thread a heap of its own, and memory that one release leaves is where the next one is laid.
/// </remarks>
internal sealed partial class PatientThread : IDisposable
{
    // A tenth of the share of a thread of ordinary priority, when both want the same core.
    private const int Niceness = 10;
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    /// <summary>Starts it.</summary>
    public PatientThread()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "patient" };
        _thread.Start();
    }

    /// <summary>Does the work and waits for it. Not to be called by work of this thread.</summary>
    /// <returns>What it gave; what it threw is thrown here.</returns>
    public T Run<T>(Func<T> work)
    {
        TaskCompletionSource<T> done = new();
        Post(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Has the work done some time; it must not throw.</summary>
    public void Post(Action work) => _work.Add(work);

    /// <summary>Does what was asked for so far and ends the thread.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        if (OperatingSystem.IsLinux())
            _ = nice(Niceness); // without it the work is only less polite
        foreach (Action work in _work.GetConsumingEnumerable())
            work();
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int nice(int increment);
}
