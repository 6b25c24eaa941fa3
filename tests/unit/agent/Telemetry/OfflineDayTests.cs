using System.Text.Json;
using InstantNet.Agent.Link;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Telemetry;
using InstantNet.Tests.Unit.Agent.Link;
using InstantNet.Tests.Unit.Controller;
using InstantNet.Tests.Unit.Controller.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

/// <summary>A device that is offline for a day, from its frames over its disk to the controller's store; only the wire between them is made up.</summary>
public sealed class OfflineDayTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1), Day = TimeSpan.FromDays(1);
    private static readonly int WindowsADay = (int)(Day / Window);
    private readonly SpoolFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly FakeLink _link = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_recorded_offline_is_stored_once_marked_as_historic_although_the_agent_was_killed_and_the_replay_was_cut()
    {
        // Killed after 13 hours: the second agent finds the files as they were.
        Record(_folder, 0, WindowsADay * 13 / 24);
        using SpoolFolder killed = _folder.Killed();
        Record(killed, WindowsADay * 13 / 24, WindowsADay);

        using TelemetrySpool spool = killed.Open(1 << 22);
        await ReplayAsync(spool, cutAfter: 3);
        spool.Append(Sample(WindowsADay));
        await ReplayAsync(spool, cutAfter: int.MaxValue);

        (IReadOnlyList<TelemetrySample> stored, int duplicates) = await StoreAsync();
        Assert.Equal(WindowsADay + 1, stored.Count);
        Assert.Equal(Enumerable.Range(1, WindowsADay).Select(i => _clock.GetUtcNow() - Day + (Window * i)), stored.Take(WindowsADay).Select(s => s.Ts));
        Assert.True(duplicates > 0, "Nothing was sent twice, so nothing is shown.");
        Assert.Equal((spool.Counters.Produced, 0L), (spool.Counters.Acknowledged, spool.Counters.Dropped));
        Assert.All(Sent().SkipLast(1), b => Assert.True(b.Hist));
        Assert.False(Sent().Last().Hist);
        Assert.Single(Sent().Select(b => b.Epoch).Distinct());
    }

    [Fact]
    public async Task What_a_small_disk_cannot_hold_is_the_oldest_and_the_store_knows_how_much_is_missing()
    {
        Record(_folder, 0, WindowsADay, maxBytes: 256 * 1024);
        using TelemetrySpool spool = _folder.Open(256 * 1024);

        await ReplayAsync(spool, cutAfter: int.MaxValue);

        (IReadOnlyList<TelemetrySample> stored, _) = await StoreAsync();
        Assert.InRange(stored.Count, 1, WindowsADay - 1);
        Assert.Equal(WindowsADay - stored.Count, Sent().Last().Dropped);
        Assert.Equal(Enumerable.Range(0, stored.Count).Select(i => _clock.GetUtcNow() - (Window * (stored.Count - 1 - i))), stored.Select(s => s.Ts));
    }

    /// <summary>One run of the agent, a frame in each window.</summary>
    private void Record(SpoolFolder folder, int from, int to, long maxBytes = 1 << 22)
    {
        using TelemetrySpool spool = folder.Open(maxBytes);
        TelemetryWindow window = new(_clock);
        window.Add(Frame());
        for (int i = from; i < to; i++)
        {
            _clock.Advance(Window);
            window.Add(Frame());
            foreach (TelemetrySample sample in window.Close(null))
                spool.Append(sample);
        }
    }

    /// <summary>The agent's pump on a connection that breaks after some acknowledgements, when more batches have arrived than are confirmed.</summary>
    private async Task ReplayAsync(TelemetrySpool spool, int cutAfter)
    {
        using CancellationTokenSource stop = new();
        TelemetryPump pump = new(new CutLink(_link, cutAfter, stop), "up/t", spool, NullLogger<TelemetryPump>.Instance, _clock);
        Task running = pump.RunAsync(stop.Token);
        await pump.DrainAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        spool.Connected = false;
        spool.Connected = true;
    }

    /// <summary>What the controller has after all that was sent.</summary>
    private async Task<(IReadOnlyList<TelemetrySample> Samples, int Duplicates)> StoreAsync()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        LiveDevice device = await store.EnrolAsync();
        int duplicates = 0;
        foreach (TelemetryBatch batch in Sent())
        {
            AppendBatch append = new(device, batch, SomeFleet.Now);
            await store.Writer.SubmitAsync(append, CancellationToken.None);
            duplicates += append.IsNew ? 0 : 1;
        }

        return (new TelemetryReader(store.Database).Last(device.Key, TelemetryReader.MaxSamples), duplicates);
    }

    private IEnumerable<TelemetryBatch> Sent() => _link.Published.Select(p => JsonSerializer.Deserialize(p.Payload.Span, WireJson.Default.TelemetryBatch)!);

    private TelemetrySample Sample(int number) => SpoolFolder.Sample(number) with { Ts = _clock.GetUtcNow() };

    private static ServedFrame Frame() => new(
        WireId.Parse("first"), new Precision(8), default, 1, 1, 1, true, new FrameSources(MeterSource.Measured, MeterSource.Estimated, 10, "processor"), null);

    /// <summary>Everything arrives at the broker, but after some publishes no acknowledgement comes back any more.</summary>
    private sealed class CutLink(FakeLink link, int cutAfter, CancellationTokenSource stop) : IMessageLink
    {
        private int _published;

        public event EventHandler<LinkStatus>? StatusChanged { add => link.StatusChanged += value; remove => link.StatusChanged -= value; }

        public LinkStatus Status => link.Status;

        public async ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
        {
            MqttReason reason = await link.PublishAsync(message, cancellationToken);
            if (Interlocked.Increment(ref _published) <= cutAfter)
                return reason;
            await stop.CancelAsync();
            throw new OperationCanceledException(stop.Token);
        }

        public ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken) =>
            link.SubscribeAsync(filter, maximumQos, handler, cancellationToken);

        public ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken) => link.UnsubscribeAsync(filter, cancellationToken);
    }
}
