using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Fleet;

/// <summary>What is known of a device now, rebuilt from the store at each start. Thread safe; holds no more than the last few windows.</summary>
internal sealed class LiveDevice
{
    private readonly Lock _gate = new();
    private readonly RecentAccuracy _accuracy = new();
    private readonly SortedDictionary<string, AlarmView> _alarms = new(StringComparer.Ordinal);
    private DeviceState? _state;
    private ReportedTwin? _reported;
    private TelemetrySample? _latest;
    private DesiredTwin? _desired;
    private CurrentExecution? _execution;
    private DateTimeOffset? _lastSeen;
    private long _samplesStored;
    private long _duplicates;

    public LiveDevice(Device row)
    {
        Key = row.Key;
        Id = row.Id;
        DeviceClass = row.DeviceClass;
        _state = row.LastState();
        _reported = row.LastReported();
        _desired = row.DesiredTwin();
        _lastSeen = row.LastSeen;
        _samplesStored = row.SamplesStored;
        _duplicates = row.Duplicates;
    }

    /// <summary>How telemetry refers to the device.</summary>
    public long Key { get; }

    public WireId Id { get; }

    public WireId DeviceClass { get; }

    /// <summary>Last accepted birth or will.</summary>
    public DeviceState? State
    {
        get { lock (_gate) return _state; }
    }

    /// <summary>What the device shall be; null while nothing was desired.</summary>
    public DesiredTwin? Desired
    {
        get { lock (_gate) return _desired; }
    }

    /// <summary>Current or last job; null before the first.</summary>
    public CurrentExecution? Execution
    {
        get { lock (_gate) return _execution; }
    }

    public void Apply(DeviceState state, DateTimeOffset seen)
    {
        lock (_gate)
        {
            _state = state;
            _lastSeen = seen;
        }
    }

    public void Apply(ReportedTwin reported, DateTimeOffset seen)
    {
        lock (_gate)
        {
            _reported = reported;
            _lastSeen = seen;
        }
    }

    /// <summary>Takes in a batch that was just stored. Batches that waited on the device's disk arrive late: the latest window wins.</summary>
    public void Apply(TelemetryBatch batch, DateTimeOffset seen)
    {
        lock (_gate)
        {
            _lastSeen = seen;
            _samplesStored += batch.Samples.Count;
            ShowLocked(batch.Samples);
        }
    }

    /// <summary>Takes in samples that the store already had, oldest first.</summary>
    public void Recall(IReadOnlyList<TelemetrySample> samples)
    {
        lock (_gate)
            ShowLocked(samples);
    }

    public void CountDuplicate(DateTimeOffset seen)
    {
        lock (_gate)
        {
            _duplicates++;
            _lastSeen = seen;
        }
    }

    public void Apply(CurrentExecution execution)
    {
        lock (_gate)
            _execution = execution;
    }

    public void Apply(Alarm alarm)
    {
        lock (_gate)
        {
            if (alarm.Raised)
                _alarms[alarm.Key] = new AlarmView(alarm.Key, alarm.Text, alarm.Ts);
            else
                _alarms.Remove(alarm.Key);
        }
    }

    /// <summary>Desired documents may arrive out of order when two operators act at once: only a later version counts.</summary>
    public void Apply(DesiredTwin desired)
    {
        lock (_gate)
        {
            if (_desired is null || desired.Version > _desired.Version)
                _desired = desired;
        }
    }

    public DeviceView View()
    {
        lock (_gate)
        {
            PrecisionInUse? reported = _reported?.Precision;
            // The reported twin tells each change; telemetry repeats the state at the end of each window.
            bool telemetryIsLater = _latest is not null && (reported is null || _latest.Ts >= reported.Since);
            Precision? bits = telemetryIsLater ? _latest!.Bits : reported?.Bits ?? _state?.Bits;
            return new DeviceView(
                Id, DeviceClass, _state?.S == Presence.Online, _lastSeen, _state?.Agent, _reported?.Release ?? _state?.Release,
                bits, telemetryIsLater ? _latest!.Reason : reported?.Reason,
                reported is not null && reported.Bits == bits ? reported.Since : null,
                Math.Max(reported?.Switches ?? 0, _latest?.Switches ?? 0),
                _latest?.BatteryPct, _latest?.Charging ?? false, _latest?.LatencyP95Ms, _latest?.LatencySource, _latest?.EnergyMj,
                _latest?.EnergySource, _latest?.PowerMw, _latest?.FramesTotal ?? 0, _latest?.DroppedTotal ?? 0, _accuracy.Share,
                _reported?.Offered ?? [], _reported?.Measured ?? [],
                _desired?.Version ?? 0, _reported?.DesiredVersion ?? 0, _desired?.Policy, _reported?.Faults ?? [],
                [.. _alarms.Values], _execution?.View(), _samplesStored, _duplicates);
        }
    }

    private void ShowLocked(IReadOnlyList<TelemetrySample> samples)
    {
        foreach (TelemetrySample sample in samples)
        {
            if (_latest is not null && sample.Ts < _latest.Ts)
                continue;
            _latest = sample;
            _accuracy.Add(sample);
        }
    }
}
