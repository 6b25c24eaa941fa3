using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>Unacknowledged messages against a real broker, which logs whether a message came marked as repeated.</summary>
public sealed partial class MqttResumeTests : IAsyncLifetime
{
    private const int Count = 10;

    private readonly MosquittoFixture _broker = new();
    private readonly ConcurrentQueue<bool> _sessionsPresent = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_socket_that_dies_before_the_acknowledgements_is_followed_by_repeats_under_the_same_identifiers()
    {
        await StartAsync(persistent: false);
        await using var relay = new LoopbackRelay(_broker.Port);
        await using BrokerClient observer = await BrokerClient.ConnectAsync(BrokerClient.Options(_broker, "observer"));
        await observer.SubscribeAsync("resume");
        await using MqttSession session = Session(relay.Port);
        await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(BrokerClient.Patience);

        relay.IsMute = true;
        Task<MqttReason>[] publishes = Publish(session);
        for (int i = 0; i < Count; i++)
            Assert.Equal($"{i}", (await observer.NextAsync()).Text); // the broker has them all; its acknowledgements are lost
        relay.Cut();
        relay.IsMute = false;

        await Task.WhenAll(publishes).WaitAsync(BrokerClient.Patience);
        Assert.Equal([false, true], _sessionsPresent);
        Assert.Equal(Enumerable.Range(1, Count), await IdentifiersAsync(duplicate: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broker_that_was_killed_gets_repeats_when_it_kept_the_session_on_disk_and_new_messages_when_not(bool persistent)
    {
        await StartAsync(persistent);
        await using MqttSession session = Session(_broker.Port);
        var received = new ConcurrentQueue<string>();
        await session.SubscribeAsync("resume", MqttQos.AtLeastOnce, (message, _) =>
        {
            received.Enqueue(Encoding.UTF8.GetString(message.Payload.Span));
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
        await session.PublishAsync(Message("first"), CancellationToken.None).AsTask().WaitAsync(BrokerClient.Patience);

        _broker.Freeze();
        Task<MqttReason>[] publishes = Publish(session);
        await _broker.KillAsync();
        await _broker.StartAsync();
        await Task.WhenAll(publishes).WaitAsync(BrokerClient.Patience);
        await session.PublishAsync(Message("last"), CancellationToken.None).AsTask().WaitAsync(BrokerClient.Patience);

        Assert.Equal([false, persistent], _sessionsPresent);
        Assert.Equal(persistent ? Count : 0, (await IdentifiersAsync(duplicate: true)).Distinct().Count());
        if (persistent)
            Assert.Subset(received.ToHashSet(), Enumerable.Range(0, Count).Select(i => $"{i}").ToHashSet());
    }

    private Task StartAsync(bool persistent)
    {
        // Without autosave on each change a kill would cost what this test is about.
        string persistence = persistent ? $"persistence true\npersistence_location {_broker.Folder}/\nautosave_interval 1\nautosave_on_changes true" : "persistence false";
        _broker.ExtraConfiguration = $"allow_anonymous true\nlog_type all\n{persistence}";
        return _broker.StartAsync();
    }

    private MqttSession Session(int port)
    {
        var session = new MqttSession(
            new MqttConnector(TimeProvider.System),
            new MqttSessionOptions
            {
                ConnectOptions = () => BrokerClient.Options(_broker, "resuming") with { Port = port, CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) },
                OnConnected = (connection, _) =>
                {
                    _sessionsPresent.Enqueue(connection.ConnAck.SessionPresent);
                    return ValueTask.CompletedTask;
                },
                Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), new Random(1)),
            },
            TimeProvider.System);
        session.Start();
        return session;
    }

    private static Task<MqttReason>[] Publish(MqttSession session) =>
        [.. Enumerable.Range(0, Count).Select(i => session.PublishAsync(Message($"{i}"), CancellationToken.None).AsTask())];

    private static MqttPublish Message(string text) => new("resume", Encoding.UTF8.GetBytes(text), MqttQos.AtLeastOnce);

    // In the order of the broker's log.
    private async Task<int[]> IdentifiersAsync(bool duplicate) =>
        [.. ReceivedPublish().Matches(await _broker.ReadLogAsync())
            .Where(match => match.Groups["dup"].Value == (duplicate ? "1" : "0"))
            .Select(match => int.Parse(match.Groups["id"].Value, global::System.Globalization.CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"Received PUBLISH from resuming \(d(?<dup>\d), q1, r0, m(?<id>\d+),")]
    private static partial Regex ReceivedPublish();
}
