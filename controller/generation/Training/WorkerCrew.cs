using System.Runtime.ExceptionServices;

namespace InstantNet.Generation.Training;

/// <summary>Threads that do one piece of work each, at the same time, again and again.</summary>
/// <remarks>
/// Cutting a batch over threads that meet once a step beats threads inside each operator, which meet hundreds of times: measured here,
/// a busy neighbour process slows the latter 20-fold. Threads are not pooled, because libtorch keeps thread counts and memory per thread.
/// </remarks>
internal sealed class WorkerCrew : IDisposable
{
    private readonly Barrier _gate;
    private readonly Exception?[] _failures;
    private Action<int>? _work;

    public WorkerCrew(int workers)
    {
        Workers = workers;
        _gate = new Barrier(workers + 1);
        _failures = new Exception?[workers];
        for (int i = 0; i < workers; i++)
        {
            int worker = i;
            new Thread(() => Serve(worker)) { IsBackground = true, Name = $"training {worker}" }.Start();
        }
    }

    public int Workers { get; }

    /// <summary>Calls the work with 0..Workers-1 and returns when all are done; throws what the first of them threw.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        _gate.SignalAndWait();
        _gate.SignalAndWait();
        foreach (Exception? failure in _failures)
        {
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ends the threads; not while work runs.</summary>
    public void Dispose()
    {
        _work = null;
        _gate.SignalAndWait();
        _gate.SignalAndWait();
        _gate.Dispose();
    }

    private void Serve(int worker)
    {
        set_num_threads(1);
        while (true)
        {
            _gate.SignalAndWait();
            Action<int>? work = _work;
            _failures[worker] = null;
            try
            {
                work?.Invoke(worker);
            }
#pragma warning disable CA1031 // handed to the caller of Run
            catch (Exception e)
#pragma warning restore CA1031
            {
                _failures[worker] = e;
            }

            _gate.SignalAndWait();
            if (work is null)
                return;
        }
    }
}
