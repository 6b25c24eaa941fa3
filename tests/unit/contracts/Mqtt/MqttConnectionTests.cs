using System.Net.Sockets;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>One connection against a server whose every byte the test decides.</summary>
public sealed class MqttConnectionTests : IDisposable
{
    private readonly ScriptedBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task Never_has_more_messages_unacknowledged_than_the_broker_takes_and_keeps_their_order()
    {
        byte[] receiveMaximumTwo = [0x20, 6, 0, 0, 3, 0x21, 0, 2];
        var (client, peer) = await _broker.ConnectAsync(new Inbox(), receiveMaximumTwo, TimeProvider.System, _broker.Options);
        Task<MqttReason>[] publishes = [.. Enumerable.Range(0, 50).Select(i => Publish(client, (byte)i))];

        for (int i = 0; i < 50; i += 2)
        {
            byte[][] pair = [await peer.ReadAsync(), await peer.ReadAsync()];
            Assert.Equal([(byte)i, (byte)(i + 1)], pair.Select(packet => packet[^1]));
            Assert.Equal(50 - i, publishes.Count(publish => !publish.IsCompleted));
            await peer.SendAsync([.. Ack(pair[0], 0x00), .. Ack(pair[1], 0x10)]);
            Assert.Equal(MqttReason.Success, await publishes[i].WaitAsync(ScriptedBroker.Patience));
            Assert.Equal(MqttReason.NoMatchingSubscribers, await publishes[i + 1].WaitAsync(ScriptedBroker.Patience));
        }
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_cancelled_publish_keeps_its_identifier_until_the_broker_answers()
    {
        byte[] receiveMaximumOne = [0x20, 6, 0, 0, 3, 0x21, 0, 1];
        var (client, peer) = await _broker.ConnectAsync(new Inbox(), receiveMaximumOne, TimeProvider.System, _broker.Options);
        using var cancel = new CancellationTokenSource();
        Task<MqttReason> first = client.PublishAsync(new MqttPublish("t", new byte[] { 1 }, MqttQos.AtLeastOnce), cancel.Token).AsTask();
        Task<MqttReason> held = client.PublishAsync(new MqttPublish("t", new byte[] { 2 }, MqttQos.AtLeastOnce), cancel.Token).AsTask();
        Task<MqttReason> last = Publish(client, 3);
        byte[] sent = await peer.ReadAsync();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        Assert.False(last.IsCompleted);
        await peer.SendAsync(Ack(sent, 0));
        byte[] next = await peer.ReadAsync();
        await peer.SendAsync(Ack(next, 0));

        Assert.Equal(3, next[^1]);
        Assert.Equal(MqttReason.Success, await last.WaitAsync(ScriptedBroker.Patience));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Acknowledges_in_order_and_only_when_the_handler_is_done()
    {
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inbox = new Inbox(async (_, _) => await finish.Task);
        var (client, peer) = await _broker.ConnectAsync(inbox);
        for (byte i = 1; i <= 5; i++)
            await peer.SendAsync(Message(i));
        Task<MqttReason> publish = Publish(client, 9);
        byte[] published = await peer.ReadAsync();
        Assert.Equal(0x32, published[0]); // no acknowledgement came before it
        await peer.SendAsync(Ack(published, 0));
        await publish.WaitAsync(ScriptedBroker.Patience); // acknowledgements get through while a handler is busy

        finish.SetResult();

        for (byte i = 1; i <= 5; i++)
        {
            Assert.Equal([0x40, 2, 0, i], await peer.ReadAsync());
            Assert.Equal([i], (await inbox.NextAsync()).Payload);
        }
        await client.DisposeAsync();
    }

    [Fact]
    public async Task More_messages_than_announced_end_the_connection()
    {
        var never = new TaskCompletionSource();
        var inbox = new Inbox(async (_, cancellationToken) => await never.Task.WaitAsync(cancellationToken));
        var (client, peer) = await _broker.ConnectAsync(inbox, ScriptedBroker.Accepted, TimeProvider.System, _broker.Options with { ReceiveMaximum = 3 });
        for (byte i = 1; i <= 4; i++)
            await peer.SendAsync(Message(i));

        Assert.Equal([0xE0, 1, (byte)MqttReason.ReceiveMaximumExceeded], await peer.ReadAsync());
        peer.Dispose();
        Assert.Equal(MqttFailure.ProtocolViolation, (await client.Closed.WaitAsync(ScriptedBroker.Patience)).Failure);
    }

    [Fact]
    public async Task Nonsense_from_the_broker_ends_the_connection_with_a_sentence_and_fails_what_waits()
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox());
        Task<MqttReason> publish = Publish(client, 1);
        await peer.ReadAsync();

        await peer.SendAsync(0x40, 2, 0x77, 0x77);

        Assert.Equal([0xE0, 1, (byte)MqttReason.ProtocolError], await peer.ReadAsync());
        peer.Dispose();
        MqttClosed closed = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal((MqttFailure.ProtocolViolation, MqttReason.ProtocolError), (closed.Failure, closed.Reason));
        Assert.Contains("identifier 30583", closed.Sentence, StringComparison.Ordinal);
        Assert.Equal(MqttFailure.ProtocolViolation, (await Assert.ThrowsAsync<MqttException>(() => publish)).Failure);
    }

    [Fact]
    public async Task The_brokers_own_goodbye_is_passed_on()
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox());

        await peer.SendAsync(0xE0, 9, 0x8B, 7, 0x1F, 0, 4, (byte)'d', (byte)'o', (byte)'w', (byte)'n');

        MqttClosed closed = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal((MqttFailure.ClosedByBroker, MqttReason.ServerShuttingDown), (closed.Failure, closed.Reason));
        Assert.EndsWith("disconnected: server shutting down (0x8B), down.", closed.Sentence, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MqttException>(() => Publish(client, 1));
    }

    [Fact]
    public async Task Pings_when_idle_and_closes_when_nobody_answers()
    {
        var clock = new ManualClock();
        var (client, peer) = await _broker.ConnectAsync(
            new Inbox(), ScriptedBroker.Accepted, clock, _broker.Options with { KeepAlive = TimeSpan.FromSeconds(20) });

        clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal([0xC0, 0], await peer.ReadAsync());
        Assert.False(client.Closed.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(10));

        MqttClosed closed = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal((MqttFailure.TimedOut, MqttReason.KeepAliveTimeout), (closed.Failure, closed.Reason));
    }

    [Fact]
    public async Task Payloads_stay_intact_while_slow_handlers_hold_them_and_bytes_arrive_in_pieces()
    {
        const int count = 400;
        var random = new Random(3);
        byte[][] payloads = [.. Enumerable.Range(0, count).Select(i => Filled((byte)i, random.Next(random.Next(1, 20_000))))];
        var inbox = new Inbox(async (message, _) =>
        {
            if (message.Payload.Length % 3 == 0)
                await Task.Yield();
        });
        var (client, peer) = await _broker.ConnectAsync(
            inbox, ScriptedBroker.Accepted, TimeProvider.System, _broker.Options with { ReceiveMaximum = count, ReadBufferBytes = 512 });
        byte[] stream = [.. payloads.SelectMany(Unconfirmed)];
        for (int at = 0; at < stream.Length;)
        {
            int piece = Math.Min(random.Next(1, 9000), stream.Length - at);
            await peer.SendAsync(stream[at..(at + piece)]);
            at += piece;
        }

        foreach (byte[] payload in payloads)
            Assert.Equal(payload, (await inbox.NextAsync()).Payload);
        Assert.Equal(0, client.DroppedMessages);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Says_goodbye_after_what_was_still_to_be_sent()
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox());
        await client.PublishAsync(new MqttPublish("t", new byte[] { 5 }, MqttQos.AtMostOnce), CancellationToken.None);

        Task leaving = client.DisconnectAsync(MqttReason.Success, CancellationToken.None).AsTask();

        Assert.Equal(0x30, (await peer.ReadAsync())[0]);
        Assert.Equal([0xE0, 0], await peer.ReadAsync());
        Assert.Empty(await peer.ReadAsync());
        peer.Dispose();
        await leaving.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(MqttFailure.None, (await client.Closed).Failure);
    }

    [Theory]
    [InlineData("200300860000", MqttFailure.Refused, "refused the connection: bad user name or password (0x86).")]
    [InlineData("20020001", MqttFailure.Refused, "refused the connection: this version of MQTT is not supported (0x84).")]
    [InlineData("485454502F312E312034", MqttFailure.NotABroker, "does not behave like an MQTT 5 broker: its answer is not a CONNACK.")]
    [InlineData("", MqttFailure.NotABroker, "does not behave like an MQTT 5 broker: it closed the connection without an answer.")]
    public async Task Says_in_a_sentence_why_there_is_no_connection(string answer, MqttFailure failure, string sentence)
    {
        Task<IMqttConnection> connecting =
            new MqttConnector(TimeProvider.System).ConnectAsync(_broker.Options, new Inbox(), CancellationToken.None).AsTask();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync(Convert.FromHexString(answer));
        if (answer.Length == 0)
            peer.Dispose();

        var e = await Assert.ThrowsAsync<MqttException>(() => connecting);

        Assert.Equal(failure, e.Failure);
        Assert.EndsWith(sentence, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_when_nothing_listens()
    {
        MqttConnectOptions options = _broker.Options;
        _broker.Dispose();

        var e = await Assert.ThrowsAsync<MqttException>(() =>
            new MqttConnector(TimeProvider.System).ConnectAsync(options, new Inbox(), CancellationToken.None).AsTask());

        Assert.Equal(MqttFailure.Unreachable, e.Failure);
        Assert.IsType<SocketException>(e.InnerException);
        Assert.StartsWith($"The broker at 127.0.0.1:{options.Port} cannot be reached: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_up_on_a_server_that_never_answers()
    {
        var clock = new ManualClock();
        Task<IMqttConnection> connecting = new MqttConnector(clock).ConnectAsync(_broker.Options, new Inbox(), CancellationToken.None).AsTask();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync();

        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(MqttFailure.TimedOut, (await Assert.ThrowsAsync<MqttException>(() => connecting)).Failure);
    }

    private static Task<MqttReason> Publish(IMqttConnection client, byte payload) =>
        client.PublishAsync(new MqttPublish("t", new[] { payload }, MqttQos.AtLeastOnce), CancellationToken.None).AsTask();

    // PUBACK for a PUBLISH to a one-letter topic.
    private static byte[] Ack(byte[] publish, byte reason) => [0x40, 3, publish[5], publish[6], reason];

    // QoS 1 message to "t" whose payload is its identifier.
    private static byte[] Message(byte packetId) => [0x32, 7, 0, 1, (byte)'t', 0, packetId, 0, packetId];

    private static byte[] Filled(byte value, int length)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    // QoS 0 message to "t".
    private static byte[] Unconfirmed(byte[] payload)
    {
        int remaining = 4 + payload.Length;
        byte[] length = remaining < 128
            ? [(byte)remaining]
            : remaining < 16_384
                ? [(byte)(remaining & 0x7F | 0x80), (byte)(remaining >> 7)]
                : [(byte)(remaining & 0x7F | 0x80), (byte)((remaining >> 7) & 0x7F | 0x80), (byte)(remaining >> 14)];
        return [0x30, .. length, 0, 1, (byte)'t', 0, .. payload];
    }
}
