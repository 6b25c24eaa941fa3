using System.Text.Json;

namespace InstantNet.Agent.Durable;

/// <summary>The numbers of a device that only grow, on disk before they are used. Thread safe.</summary>
/// <remarks>On a disk that refuses they go on in memory, for a device must serve and connect all the same; the next change that the disk takes keeps all of
/// them. Epochs then are the seconds since 1970, so that none is used again after a restart that knows nothing of them.</remarks>
internal sealed class DeviceCounters
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private CounterValues _values;
    private volatile string? _fault;

    private DeviceCounters(string path, TimeProvider time, CounterValues values)
    {
        _path = path;
        _time = time;
        _values = values;
    }

    /// <summary>Starts of the agent on this folder, from 1.</summary>
    public int Boot => Volatile.Read(ref _values).Boot;

    /// <summary>Number of the last connection attempt; 0 before the first.</summary>
    public long Epoch => Volatile.Read(ref _values).Epoch;

    /// <summary>Highest revision that this device has committed; 0 before the first.</summary>
    public long HighestRevision => Volatile.Read(ref _values).HighestRevision;

    /// <summary>Starts in a row, this one included, that were followed neither by an orderly stop nor by a calm run.</summary>
    public int ShortRuns => Volatile.Read(ref _values).ShortRuns;

    /// <summary>Why the disk did not take the last change; null when it did.</summary>
    public string? Fault => _fault;

    /// <summary>True when the file was damaged and the counters began anew, the epoch above any that it can have reached.</summary>
    public bool WereLost { get; private init; }

    /// <summary>Reads the counters and counts this start.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public static DeviceCounters Open(AgentFolder folder, TimeProvider time)
    {
        DeviceCounters counters = Look(folder, time);
        counters.Change(v => v with { Boot = v.Boot + 1, ShortRuns = v.ShortRuns + 1 });
        return counters;
    }

    /// <summary>Reads the counters; for tools beside a running agent, which must not change them.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static DeviceCounters Look(AgentFolder folder, TimeProvider time)
    {
        CounterValues? values = null;
        byte[]? content = DurableFile.TryRead(folder.Counters);
        try
        {
            values = content is null ? new CounterValues() : JsonSerializer.Deserialize(content, DurableJson.Default.CounterValues);
        }
        catch (JsonException)
        {
            // Damaged: handled below like a file that says nothing.
        }

        bool lost = values is null;
        // Connections are seconds apart at best, so the seconds since 1970 are above every epoch counted from 1.
        values ??= new CounterValues { Epoch = time.GetUtcNow().ToUnixTimeSeconds() };
        return new DeviceCounters(folder.Counters, time, values) { WereLost = lost };
    }

    /// <summary>Takes the next connection number.</summary>
    public long NextEpoch()
    {
        long epoch = Change(v => v with { Epoch = v.Epoch + 1 }).Epoch;
        return _fault is null ? epoch : Change(v => v with { Epoch = Math.Max(v.Epoch, _time.GetUtcNow().ToUnixTimeSeconds()) }).Epoch;
    }

    /// <summary>Refuses older releases from now on.</summary>
    public void Trust(long revision)
    {
        if (revision > HighestRevision)
            Change(v => v with { HighestRevision = Math.Max(v.HighestRevision, revision) });
    }

    /// <summary>The agent has run long enough, or stops in order: this start was none of a series of crashes.</summary>
    public void Calm()
    {
        if (ShortRuns > 0)
            Change(v => v with { ShortRuns = 0 });
    }

    /// <summary>Tries to keep what the disk did not take.</summary>
    public void Retry()
    {
        if (_fault is not null)
            Change(v => v);
    }

    private CounterValues Change(Func<CounterValues, CounterValues> change)
    {
        lock (_lock)
        {
            CounterValues next = change(_values);
            Volatile.Write(ref _values, next);
            try
            {
                DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(next, DurableJson.Default.CounterValues));
                _fault = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _fault = e.Message;
            }

            return next;
        }
    }
}
