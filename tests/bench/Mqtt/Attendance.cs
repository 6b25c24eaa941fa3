using InstantNet.Contracts.Mqtt;

namespace InstantNet.Bench.Mqtt;

/// <summary>Which of many links stand. Thread-safe.</summary>
internal sealed class Attendance(int links, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<object> _present = [];
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the last of them came, and when half of them were there, as timestamps.</summary>
    public long AllAt { get; private set; }

    public long HalfAt { get; private set; }

    /// <summary>Attempts that failed so far, by kind.</summary>
    public IReadOnlyDictionary<string, int> FailedAttempts
    {
        get
        {
            lock (_gate)
                return new SortedDictionary<string, int>(_failures, StringComparer.Ordinal);
        }
    }

    public void OnStatus(object? link, LinkStatus status)
    {
        lock (_gate)
        {
            if (!status.IsConnected)
            {
                string kind = status.Failure.ToString();
                if (!_present.Remove(link!))
                    _failures[kind] = _failures.GetValueOrDefault(kind) + 1;
            }
            else if (_present.Add(link!))
            {
                if (_present.Count == links / 2)
                    HalfAt = time.GetTimestamp();
                if (_present.Count == links)
                    AllAt = time.GetTimestamp();
            }
            if (_present.Count == 0 || _present.Count == links)
                _changed.TrySetResult();
        }
    }

    /// <summary>Waits until all stand, or none does.</summary>
    public async Task WhenAllAsync(bool present, TimeSpan patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_present.Count == (present ? links : 0))
                    return;
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }
            await changed.WaitAsync(patience, time, cancellationToken);
        }
    }
}
