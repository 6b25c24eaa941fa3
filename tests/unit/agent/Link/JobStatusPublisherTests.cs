using System.Text.Json;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Link;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Agent.Link;

public sealed class JobStatusPublisherTests : IAsyncLifetime, IAlarms
{
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly JobStatusPublisher _publisher;
    private readonly List<string> _alarms = [];
    private Task _running = Task.CompletedTask;

    public JobStatusPublisherTests() => _publisher = new JobStatusPublisher(new HeardLink(_link), "up/job", this, _time);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _publisher.Dispose();
        _stop.Dispose();
    }

    void IAlarms.Raise(string key, string text) => _alarms.Add("+" + key);

    void IAlarms.Clear(string key) => _alarms.Add("-" + key);

    [Fact]
    public async Task Sends_every_state_in_order_and_only_the_last_progress_that_waited()
    {
        Post(ExecutionState.Queued);
        Post(ExecutionState.Accepted);
        for (int percent = 0; percent <= 40; percent++)
            Post(ExecutionState.Downloading, percent);
        Post(ExecutionState.Verifying);

        Start();
        await _link.PublishedAsync(p => p.Count == 4);

        Assert.Equal(["Queued", "Accepted", "Downloading 40", "Verifying"], Sent());
    }

    [Fact]
    public async Task Sends_progress_no_more_often_than_five_times_a_second()
    {
        Start();
        Post(ExecutionState.Downloading, 1);
        await _link.PublishedAsync(p => p.Count == 1);
        Post(ExecutionState.Downloading, 2);
        await _time.TimerSetAsync(JobStatusPublisher.ProgressInterval);
        Post(ExecutionState.Downloading, 3);

        Assert.Single(_link.Published);
        _time.Advance(JobStatusPublisher.ProgressInterval);
        await _link.PublishedAsync(p => p.Count == 2);

        Assert.Equal(["Downloading 1", "Downloading 3"], Sent());
    }

    [Fact]
    public async Task Sends_the_latest_state_again_after_a_reconnect()
    {
        Start();
        Post(ExecutionState.Committed);
        await _link.PublishedAsync(p => p.Count == 1);

        _link.Reconnect();
        await _time.TimerSetAsync(JobStatusPublisher.ProgressInterval);
        _time.Advance(JobStatusPublisher.ProgressInterval);
        await _link.PublishedAsync(p => p.Count == 2);

        Assert.Equal(["Committed", "Committed"], Sent());
    }

    [Fact]
    public async Task Says_a_state_again_that_nobody_heard_before_it_says_the_next()
    {
        _link.Answer = MqttReason.NoMatchingSubscribers;
        Start();
        Post(ExecutionState.Downloading);
        Post(ExecutionState.Committed);
        await _time.TimerSetAsync(HeardLink.RetryAfter);
        _link.Answer = MqttReason.Success;
        _time.Advance(HeardLink.RetryAfter);
        await _link.PublishedAsync(p => p.Count == 3);

        Assert.Equal(["Downloading", "Downloading", "Committed"], Sent());
    }

    [Fact]
    public void A_disk_that_refuses_is_an_alarm_until_it_works_again()
    {
        _publisher.Disk("No space.");
        _publisher.Disk(null);

        Assert.Equal(["+disk-failed", "-disk-failed"], _alarms);
    }

    private void Start() => _running = _publisher.RunAsync(_stop.Token);

    private void Post(ExecutionState state, int? percent = null) => _publisher.Post(
        new JobStatus(JobStatus.MessageVersion, WireId.Parse("job-1"), 1, null, state, percent, null, null, 0, DateTimeOffset.UnixEpoch));

    private IEnumerable<string> Sent() => _link.Published
        .Select(p => JsonSerializer.Deserialize(p.Payload.Span, WireJson.Default.JobStatus)!)
        .Select(s => s.Pct is { } percent ? $"{s.State} {percent}" : s.State.ToString());
}
