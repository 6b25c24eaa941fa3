using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Contracts;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Rollouts;

namespace InstantNet.Controller.Api;

/// <summary>The stream of events for one watcher: first everything as it is, then every change, at most some times a second each.</summary>
internal sealed class EventStream(
    FleetEvents events, DeviceRegistry registry, RolloutReader rollouts, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Ends when the watcher goes or the controller stops: a web server waits for its open answers.</summary>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync([EnumeratorCancellation] CancellationToken watcherGone)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(watcherGone, lifetime.ApplicationStopping);
        CancellationToken cancellationToken = either.Token;
        using EventSubscription subscription = new(events);
        yield return Hello();
        foreach (LiveDevice device in registry.All)
            yield return Event("device", device.View(), ApiJson.Default.DeviceView);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!await WaitAsync(subscription, cancellationToken))
            {
                if (cancellationToken.IsCancellationRequested)
                    yield break;
                // Keeps proxies from closing a quiet connection, and finds out whether the watcher is still there.
                yield return Hello();
                continue;
            }

            foreach (WireId id in subscription.TakeDevices())
            {
                if (registry.TryGet(id, out LiveDevice? device))
                    yield return Event("device", device.View(), ApiJson.Default.DeviceView);
            }

            while (subscription.TryTakeSample(out TelemetryEvent? sample))
                yield return Event("telemetry", sample, ApiJson.Default.TelemetryEvent);
            foreach (WireId id in subscription.TakeRollouts())
            {
                if (await rollouts.FindAsync(id, watcherGone) is { } rollout)
                    yield return Event("rollout", rollout, ApiJson.Default.RolloutView);
            }

            await Task.Delay(Coalesce, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private SseItem<string> Hello() =>
        Event("hello", new HelloEvent(time.GetUtcNow(), ControllerVersion.Text), ApiJson.Default.HelloEvent);

    private static SseItem<string> Event<T>(string name, T content, JsonTypeInfo<T> type) => new(JsonSerializer.Serialize(content, type), name);

    private static async Task<bool> WaitAsync(EventSubscription subscription, CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(Silence);
        try
        {
            await subscription.WaitAsync(silence.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
