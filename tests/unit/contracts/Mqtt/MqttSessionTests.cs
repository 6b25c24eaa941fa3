using System.Collections.Concurrent;
using System.Text;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>The self-healing link against a server whose every byte the test decides.</summary>
public sealed class MqttSessionTests : IAsyncLifetime
{
    private static readonly byte[] AcceptedWithSession = [0x20, 3, 1, 0, 0];

    private readonly ScriptedBroker _broker = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private Func<IMqttConnection, CancellationToken, ValueTask>? _onConnected;
    private MqttSession? _session;

    private MqttSession Session => _session ??= new MqttSession(
        new MqttConnector(TimeProvider.System),
        new MqttSessionOptions
        {
            ConnectOptions = () => _broker.Options,
            OnConnected = _onConnected,
            OnError = (sentence, e) => _errors.Enqueue(sentence + " " + e.Message),
            Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), new Random(1)),
            MaxWaitingPublishes = 3,
            MaxSends = 2,
        },
        TimeProvider.System);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _broker.Dispose();
        if (_session is not null)
            await _session.DisposeAsync();
    }

    [Fact]
    public async Task Birth_goes_out_before_subscriptions_and_both_before_waiting_publishes()
    {
        _onConnected = async (connection, cancellationToken) =>
            await connection.PublishAsync(new MqttPublish("b", "1"u8.ToArray(), MqttQos.AtMostOnce), cancellationToken);
        await Session.SubscribeAsync("s/+", MqttQos.AtLeastOnce, Ignore, CancellationToken.None);
        Task<MqttReason> publish = Session.PublishAsync(Message("p"), CancellationToken.None).AsTask();
        Session.Start();

        using ScriptedBroker.Peer peer = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        Assert.Equal((0x30, 'b'), Topic(await peer.ReadAsync()));
        await Grant(peer, await peer.ReadAsync());
        byte[] published = await peer.ReadAsync();
        Assert.Equal((0x32, 'p'), Topic(published));
        await peer.SendAsync(0x40, 2, published[5], published[6]);

        Assert.Equal(MqttReason.Success, await publish.WaitAsync(ScriptedBroker.Patience));
    }

    [Fact]
    public async Task A_message_without_acknowledgement_is_sent_again_on_the_next_connection()
    {
        Session.Start();
        Task<MqttReason> publish = Session.PublishAsync(Message("p"), CancellationToken.None).AsTask();
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
            await first.ReadAsync();

        using ScriptedBroker.Peer second = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        byte[] again = await second.ReadAsync();
        await second.SendAsync(0x40, 2, again[5], again[6]);

        Assert.Equal((0x32, 'p'), Topic(again));
        Assert.Equal(MqttReason.Success, await publish.WaitAsync(ScriptedBroker.Patience));
    }

    [Fact]
    public async Task Shared_subscriptions_alone_are_asked_for_again_when_the_broker_kept_the_session()
    {
        await Session.SubscribeAsync("s/+", MqttQos.AtLeastOnce, Ignore, CancellationToken.None);
        await Session.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce, Ignore, CancellationToken.None);
        Session.Start();
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
        {
            byte[] both = await first.ReadAsync();
            await first.SendAsync(0x90, 5, both[2], both[3], 0, 1, 1);
        }

        using ScriptedBroker.Peer second = await _broker.AcceptAsync(AcceptedWithSession);
        byte[] again = await second.ReadAsync();

        Assert.Equal(0x82, again[0]);
        Assert.Equal("$share/g/t", Encoding.ASCII.GetString(again.AsSpan(7, again.Length - 8)));
    }

    [Fact]
    public async Task A_message_that_ends_every_connection_fails_in_the_end()
    {
        Session.Start();
        Task<MqttReason> publish = Session.PublishAsync(Message("p"), CancellationToken.None).AsTask();
        for (int i = 0; i < 2; i++)
        {
            using ScriptedBroker.Peer peer = await _broker.AcceptAsync(ScriptedBroker.Accepted);
            await peer.ReadAsync();
        }
        var e = await Assert.ThrowsAsync<MqttException>(() => publish);
        Assert.Equal(MqttFailure.Unacknowledged, e.Failure);
        Assert.Equal("The message to 'p' was sent on 2 connections, and each ended before the broker acknowledged it.", e.Message);
    }

    [Fact]
    public async Task Subscribes_again_only_when_the_broker_has_forgotten()
    {
        await Session.SubscribeAsync("s/+", MqttQos.AtLeastOnce, Ignore, CancellationToken.None);
        Session.Start();
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
        {
            await Grant(first, await first.ReadAsync());
            await Session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
        }
        using (ScriptedBroker.Peer second = await _broker.AcceptAsync(AcceptedWithSession))
        {
            Task<MqttReason> publish = Session.PublishAsync(Message("x"), CancellationToken.None).AsTask();
            byte[] packet = await second.ReadAsync();
            Assert.Equal((0x32, 'x'), Topic(packet)); // no SUBSCRIBE came before it
            await second.SendAsync(0x40, 2, packet[5], packet[6]);
            await publish;
        }
        using ScriptedBroker.Peer third = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        Assert.Equal(0x82, (await third.ReadAsync())[0]);
    }

    [Fact]
    public async Task What_was_unsubscribed_without_a_connection_is_ended_on_the_next()
    {
        await Session.SubscribeAsync("s/+", MqttQos.AtLeastOnce, Ignore, CancellationToken.None);
        Session.Start();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Session.StatusChanged += (_, status) =>
        {
            if (!status.IsConnected)
                lost.TrySetResult();
        };
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
        {
            await Grant(first, await first.ReadAsync());
            await Session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
        }
        await lost.Task.WaitAsync(ScriptedBroker.Patience);
        using ScriptedBroker.Peer second = await _broker.AcceptAsync(); // holds the session in its connect
        await Session.UnsubscribeAsync("s/+", CancellationToken.None);
        await second.SendAsync(AcceptedWithSession);

        Assert.Equal(0xA2, (await second.ReadAsync())[0]);
    }

    [Fact]
    public async Task Routes_by_filter_reports_what_a_handler_throws_and_acknowledges_all_the_same()
    {
        var received = new ConcurrentQueue<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Session.SubscribeAsync("a/+", MqttQos.AtLeastOnce, (message, _) => throw new InvalidOperationException("bad " + message.Topic), CancellationToken.None);
        await Session.SubscribeAsync("b", MqttQos.AtLeastOnce, (message, _) =>
        {
            received.Enqueue(message.Topic);
            last.TrySetResult();
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
        Session.Start();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        await Grant(peer, await peer.ReadAsync());

        await peer.SendAsync(0x32, 8, 0, 3, (byte)'a', (byte)'/', (byte)'x', 0, 1, 0);
        await peer.SendAsync(0x32, 6, 0, 1, (byte)'c', 0, 2, 0);
        await peer.SendAsync(0x32, 6, 0, 1, (byte)'b', 0, 3, 0);

        for (byte id = 1; id <= 3; id++)
            Assert.Equal([0x40, 2, 0, id], await peer.ReadAsync());
        await last.Task.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(["b"], received);
        Assert.Equal(["The handler of 'a/+' failed on a message to 'a/x'. bad a/x"], _errors);
    }

    [Fact]
    public async Task A_refused_subscription_throws_and_can_be_made_again()
    {
        Session.Start();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        await Session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);
        Task refused = Session.SubscribeAsync("s", MqttQos.AtLeastOnce, Ignore, CancellationToken.None).AsTask();
        byte[] request = await peer.ReadAsync();
        await peer.SendAsync(0x90, 4, request[2], request[3], 0, 0x87);

        var e = await Assert.ThrowsAsync<MqttException>(() => refused);
        Assert.Equal("The broker refused the subscription to 's': not authorized (0x87).", e.Message);
        Task again = Session.SubscribeAsync("s", MqttQos.AtLeastOnce, Ignore, CancellationToken.None).AsTask();
        await Grant(peer, await peer.ReadAsync());
        await again.WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task A_filter_that_the_broker_announces_not_to_take_is_reported_and_the_others_are_subscribed()
    {
        await Session.SubscribeAsync("s/+", MqttQos.AtLeastOnce, Ignore, CancellationToken.None);
        await Session.SubscribeAsync("t", MqttQos.AtLeastOnce, Ignore, CancellationToken.None);
        Session.Start();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync([0x20, 5, 0, 0, 2, 0x28, 0]);

        byte[] subscribe = await peer.ReadAsync();
        await Grant(peer, subscribe);
        await Session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);

        Assert.Equal([0, 1, (byte)'t', 1], subscribe[5..]);
        Assert.StartsWith("The subscription to 's/+' was not restored.", Assert.Single(_errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_connection_only_a_bounded_number_of_publishes_wait_and_stopping_fails_them()
    {
        using var cancel = new CancellationTokenSource();
        Task<MqttReason>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => Session.PublishAsync(Message("p"), cancel.Token).AsTask())];

        var tooMany = await Assert.ThrowsAsync<MqttException>(() => Session.PublishAsync(Message("p"), CancellationToken.None).AsTask());
        Assert.Equal(MqttFailure.TooManyWaiting, tooMany.Failure);
        await Assert.ThrowsAsync<MqttException>(() => Session.PublishAsync(new MqttPublish("p", default, MqttQos.AtMostOnce), CancellationToken.None).AsTask());
        await Session.StopAsync(CancellationToken.None);

        foreach (Task<MqttReason> publish in waiting)
            Assert.Equal("The link was stopped.", (await Assert.ThrowsAsync<MqttException>(() => publish)).Message);
    }

    [Fact]
    public async Task A_failing_birth_gives_the_connection_up_and_tries_again()
    {
        int births = 0;
        _onConnected = (_, _) => ++births == 1 ? throw new InvalidOperationException("no birth") : ValueTask.CompletedTask;
        Session.Start();
        using ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        using ScriptedBroker.Peer second = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        await Session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);

        Assert.Equal(2, births);
        Assert.Equal(["The connection could not be prepared. no birth"], _errors);
    }

    [Fact]
    public async Task Stopping_sends_goodbye()
    {
        Session.Start();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        await Session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(ScriptedBroker.Patience);

        Task stopping = Session.StopAsync(CancellationToken.None);
        Assert.Equal([0xE0, 0], await peer.ReadAsync());
        peer.Dispose();

        await stopping.WaitAsync(ScriptedBroker.Patience);
        Assert.False(Session.Status.IsConnected);
    }

    private static ValueTask Ignore(MqttMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private static MqttPublish Message(string topic) => new(topic, "1"u8.ToArray(), MqttQos.AtLeastOnce);

    private static (int First, char Topic) Topic(byte[] publish) => (publish[0], (char)publish[4]);

    // Grants every filter of a SUBSCRIBE packet at QoS 1.
    private static Task Grant(ScriptedBroker.Peer peer, byte[] subscribe)
    {
        Assert.Equal(0x82, subscribe[0]);
        int filters = 0;
        for (int at = 5; at < subscribe.Length; at += 3 + ((subscribe[at] << 8) | subscribe[at + 1]))
            filters++;
        return peer.SendAsync([0x90, (byte)(3 + filters), subscribe[2], subscribe[3], 0, .. Enumerable.Repeat((byte)1, filters)]);
    }
}
