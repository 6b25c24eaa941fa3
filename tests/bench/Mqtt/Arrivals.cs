namespace InstantNet.Bench.Mqtt;

/// <summary>Counts received messages and says when the first and the last of a round have come. Set up and counted on from different threads,
/// one round after the other.</summary>
internal sealed class Arrivals
{
    private TaskCompletionSource _first = Signal();
    private TaskCompletionSource _all = Signal();
    private int _expected = int.MaxValue;
    private int _count;

    public Task First => _first.Task;

    public Task All => _all.Task;

    /// <summary>Begins a round.</summary>
    public void Expect(int count)
    {
        _first = Signal();
        _all = Signal();
        _count = 0;
        Volatile.Write(ref _expected, count);
    }

    /// <summary>One more has come; called from one thread at a time.</summary>
    public void Add()
    {
        int count = ++_count;
        if (count == 1)
            _first.TrySetResult();
        if (count == Volatile.Read(ref _expected))
            _all.TrySetResult();
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
