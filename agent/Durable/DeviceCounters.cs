using System.Text.Json;

namespace InstantNet.Agent.Durable;

/// <summary>The numbers of a device that only grow, on disk before they are used. Thread safe.</summary>
internal sealed class DeviceCounters
{
    private readonly string _path;
    private readonly Lock _lock = new();
    private CounterValues _values;

    private DeviceCounters(string path, CounterValues values)
    {
        _path = path;
        _values = values;
    }

    /// <summary>Starts of the agent on this folder, from 1.</summary>
    public int Boot => Volatile.Read(ref _values).Boot;

    /// <summary>Number of the last connection attempt; 0 before the first.</summary>
    public long Epoch => Volatile.Read(ref _values).Epoch;

    /// <summary>Highest revision that this device has committed; 0 before the first.</summary>
    public long HighestRevision => Volatile.Read(ref _values).HighestRevision;

    /// <summary>True when the file was damaged and the counters began anew, the epoch above any that it can have reached.</summary>
    public bool WereLost { get; private init; }

    /// <summary>Reads the counters and counts this start.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static DeviceCounters Open(AgentFolder folder, TimeProvider time)
    {
        DeviceCounters counters = Look(folder, time);
        counters.Change(v => v with { Boot = v.Boot + 1 });
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
        return new DeviceCounters(folder.Counters, values) { WereLost = lost };
    }

    /// <summary>Takes the next connection number.</summary>
    public long NextEpoch() => Change(v => v with { Epoch = v.Epoch + 1 }).Epoch;

    /// <summary>Refuses older releases from now on.</summary>
    public void Trust(long revision)
    {
        if (revision > HighestRevision)
            Change(v => v with { HighestRevision = Math.Max(v.HighestRevision, revision) });
    }

    private CounterValues Change(Func<CounterValues, CounterValues> change)
    {
        lock (_lock)
        {
            CounterValues next = change(_values);
            DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(next, DurableJson.Default.CounterValues));
            Volatile.Write(ref _values, next);
            return next;
        }
    }
}
