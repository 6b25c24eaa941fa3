using System.Text.Json;
using InstantNet.Agent.Link;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Tests.Unit.Agent.Durable;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Link;

public sealed class TelemetryPumpTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TelemetrySpool _spool;
    private readonly TelemetryPump _pump;
    private Task _running = Task.CompletedTask;
    private long _made;

    public TelemetryPumpTests()
    {
        _spool = TelemetrySpool.Open(new SpoolOptions(_folder.Agent.Spool, 1024 * 1024));
        _pump = new TelemetryPump(_link, "up/t", _spool, NullLogger<TelemetryPump>.Instance, _time);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _spool.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Sends_what_the_spool_holds_in_order_and_confirms_all_of_it()
    {
        Append(TelemetryPump.BatchSamples + 1);

        _running = _pump.RunAsync(_stop.Token);
        await _pump.DrainAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([1L, 2L], Sent().Select(b => b.Seq));
        Assert.All(Sent(), b => Assert.True(b.Hist));
        Assert.Equal(TelemetryPump.BatchSamples + 1, _spool.Counters.Acknowledged);
    }

    [Fact]
    public async Task Sends_a_new_sample_at_once_and_not_as_historic()
    {
        _running = _pump.RunAsync(_stop.Token);
        Append(1);

        await _link.PublishedAsync(p => p.Count == 1);

        Assert.False(Assert.Single(Sent()).Hist);
    }

    [Fact]
    public async Task What_was_not_acknowledged_when_the_connection_broke_is_sent_again_under_the_same_number()
    {
        TaskCompletionSource never = new();
        _link.Acknowledgement = never.Task;
        Append(3);
        _running = _pump.RunAsync(_stop.Token);
        Assert.Equal(0, _spool.Counters.Acknowledged);

        _link.Acknowledgement = Task.CompletedTask;
        _link.Reconnect();
        await _pump.DrainAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(30));

        TelemetryBatch batch = Assert.Single(Sent());
        Assert.Equal((1L, 3), (batch.Seq, batch.Samples.Count));
        Assert.Equal(3, _spool.Counters.Acknowledged);
    }

    [Fact]
    public async Task What_nobody_subscribes_to_is_kept_and_sent_less_and_less_often_until_somebody_does()
    {
        TelemetryPump pump = new(new HeardLink(_link), "up/t", _spool, NullLogger<TelemetryPump>.Instance, _time);
        _link.Answer = MqttReason.NoMatchingSubscribers;
        Append(3);
        _running = pump.RunAsync(_stop.Token);
        foreach (int seconds in (int[])[5, 10, 20])
        {
            await _time.TimerSetAsync(TimeSpan.FromSeconds(seconds));
            Assert.Equal((3L, 0L), (_spool.Counters.Produced, _spool.Counters.Acknowledged));
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await _time.TimerSetAsync(TimeSpan.FromSeconds(40));
        _link.Answer = MqttReason.Success;
        _time.Advance(TimeSpan.FromSeconds(40));
        await pump.DrainAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([1L, 1L, 1L, 1L, 1L], Sent().Select(b => b.Seq));
        Assert.Equal(3, _spool.Counters.Acknowledged);
    }

    [Fact]
    public async Task Under_a_budget_telemetry_waits_and_an_alarm_does_not()
    {
        ByteBudget budget = new(new TelemetryDuty(5_000_000), _time);
        ChargedLink charged = new(_link, budget);
        AlarmPublisher alarms = new(charged, "up/a", new AlarmFile(_folder.Agent), NullLogger<AlarmPublisher>.Instance, _time);
        TelemetryPump pump = new(charged, "up/t", _spool, NullLogger<TelemetryPump>.Instance, _time, budget);
        Append(3);

        _running = Task.WhenAll(pump.RunAsync(_stop.Token), alarms.RunAsync(_stop.Token));
        alarms.Raise("hot", "It is hot.");
        await _link.PublishedAsync(p => p.Count == 1);

        Assert.Equal("up/a", Assert.Single(_link.Published).Topic);
        Assert.Equal(0, _spool.Counters.Acknowledged);
        Assert.True(budget.Available < 0);

        Append(2);
        while (_spool.Counters.Acknowledged == 0)
        {
            _time.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }

        Assert.Equal(["up/a", "up/t"], _link.Published.Select(p => p.Topic).Take(2));
        Assert.InRange(budget.Charged, 1000, 10_000);
    }

    [Theory]
    [InlineData(2000)]
    [InlineData(10_000)]
    public async Task Samples_that_one_message_does_not_carry_go_in_several_each_once(int mostBytes)
    {
        TelemetryPump pump = new(_link, "up/t", _spool, NullLogger<TelemetryPump>.Instance, _time) { MostBytes = mostBytes };
        Append(TelemetryPump.BatchSamples);

        _running = pump.RunAsync(_stop.Token);
        await pump.DrainAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.All(_link.Published, p => Assert.InRange(p.Payload.Length, 1, mostBytes));
        Assert.All(_link.Published.SkipLast(1), p => Assert.True(p.Payload.Length > mostBytes / 2));
        Assert.Equal(Enumerable.Range(1, _link.Published.Count).Select(n => (long)n), Sent().Select(b => b.Seq));
        Assert.Equal(Enumerable.Range(1, TelemetryPump.BatchSamples).Select(n => (long)n), Sent().SelectMany(b => b.Samples).Select(s => s.FramesTotal));
        Assert.Equal((TelemetryPump.BatchSamples, 0), (_spool.Counters.Acknowledged, _spool.Counters.Dropped));
    }

    [Fact]
    public async Task A_batch_numbered_before_that_no_message_carries_is_given_up_and_counted_and_the_next_one_says_so()
    {
        const int Large = 30;
        Append(1);
        _spool.ReadNext(0, 1);
        Append(Large);
        _spool.ReadNext(1, Large);
        Append(1);
        TelemetryPump pump = new(_link, "up/t", _spool, NullLogger<TelemetryPump>.Instance, _time) { MostBytes = 2000 };

        _running = pump.RunAsync(_stop.Token);
        await pump.DrainAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([(1L, 1, 0L), (3L, 1, Large)], Sent().Select(b => (b.Seq, b.Samples.Count, b.Dropped)));
        Assert.Equal((2, Large), (_spool.Counters.Acknowledged, _spool.Counters.Dropped));
    }

    [Fact]
    public async Task One_sample_that_no_message_carries_stops_nothing_behind_it()
    {
        Append(1);
        int one = JsonSerializer.SerializeToUtf8Bytes(_spool.ReadNext(0, 1)!, WireJson.Default.TelemetryBatch).Length;
        Append(1);
        TelemetryPump pump = new(_link, "up/t", _spool, NullLogger<TelemetryPump>.Instance, _time) { MostBytes = one - 1 };

        _running = pump.RunAsync(_stop.Token);
        await pump.DrainAsync(_stop.Token).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(new SpoolCounters(_spool.Counters.Epoch, 2, 0, 2, 0), _spool.Counters);
        Assert.Empty(_link.Published);
    }

    private void Append(int samples)
    {
        for (int i = 0; i < samples; i++)
        {
            _spool.Append(new TelemetrySample(
                _time.GetUtcNow(), 1000, WireId.Parse("mobile-1"), new Precision(8), SwitchReason.Start, 0, 20, ++_made, 0, null,
                1, 2, MeterSource.Measured, 0.2, MeterSource.Modelled, null, false, 4, 0.9, 60));
        }
    }

    private IEnumerable<TelemetryBatch> Sent() =>
        _link.Published.Select(p => JsonSerializer.Deserialize(p.Payload.Span, WireJson.Default.TelemetryBatch)!);
}
