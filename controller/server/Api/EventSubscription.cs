using System.Collections.Concurrent;
using System.Threading.Channels;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Api;

/// <summary>What one watcher has not been told yet. Devices and rollouts are remembered by id, so that many changes make one event;
/// samples are queued, and the oldest go first when the watcher is slow. Thread safe.</summary>
internal sealed class EventSubscription : IDisposable
{
    private const int MaxSamples = 2000;
    private readonly FleetEvents _events;
    private readonly ConcurrentDictionary<WireId, bool> _devices = new();
    private readonly ConcurrentDictionary<WireId, bool> _rollouts = new();
    private readonly Channel<TelemetryEvent> _samples = Channel.CreateBounded<TelemetryEvent>(
        new BoundedChannelOptions(MaxSamples) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public EventSubscription(FleetEvents events)
    {
        _events = events;
        events.DeviceChanged += OnDevice;
        events.RolloutChanged += OnRollout;
        events.SampleStored += OnSample;
    }

    /// <summary>Completes with true when there is something to tell.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _changed.Reader.ReadAsync(cancellationToken);

    public IReadOnlyList<WireId> TakeDevices() => Take(_devices);

    public IReadOnlyList<WireId> TakeRollouts() => Take(_rollouts);

    public bool TryTakeSample([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TelemetryEvent? sample) => _samples.Reader.TryRead(out sample);

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.DeviceChanged -= OnDevice;
        _events.RolloutChanged -= OnRollout;
        _events.SampleStored -= OnSample;
    }

    private static List<WireId> Take(ConcurrentDictionary<WireId, bool> ids)
    {
        List<WireId> taken = [.. ids.Keys];
        foreach (WireId id in taken)
            ids.TryRemove(id, out _);
        return taken;
    }

    private void OnDevice(WireId device)
    {
        _devices[device] = true;
        _changed.Writer.TryWrite(true);
    }

    private void OnRollout(WireId rollout)
    {
        _rollouts[rollout] = true;
        _changed.Writer.TryWrite(true);
    }

    private void OnSample(WireId device, TelemetrySample sample)
    {
        _samples.Writer.TryWrite(new TelemetryEvent(device, sample));
        _changed.Writer.TryWrite(true);
    }
}
