using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>MQTT 3.1.1: bytes worked out by hand from the OASIS standard, chapter 3, and what the older version changes for a caller.</summary>
public sealed class Mqtt311Tests : IDisposable
{
    private static readonly byte[] Accepted = [0x20, 2, 0, 0];

    private readonly ScriptedBroker _broker = new();

    private MqttConnectOptions Options => _broker.Options with { Protocol = MqttProtocol.V311, CleanStart = true };

    public void Dispose() => _broker.Dispose();

    [Fact]
    public void Connect_has_level_4_and_no_properties()
    {
        byte[] packet = ConnectPacket.Write(Options with
        {
            ClientId = "dev", KeepAlive = TimeSpan.FromSeconds(60), UserName = "u", Password = "pw"u8.ToArray(),
            Will = new MqttWill(new MqttPublish("w/t", "off"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true), TimeSpan.Zero),
        });

        Assert.Equal(
            "1020" + "00044D515454" + "04" + "EE" + "003C" + "0003646576" + "0003772F74" + "00036F6666" + "000175" + "00027077",
            Convert.ToHexString(packet));
    }

    [Fact]
    public void Connect_without_a_clean_start_asks_for_the_kept_session() =>
        Assert.Equal("100D00044D5154540400001E000163", Convert.ToHexString(ConnectPacket.Write(Options with { CleanStart = false })));

    [Fact]
    public void Other_packets_have_no_property_section_either()
    {
        Assert.Equal("3209" + "0003612F62" + "000A" + "6869", Publish(new MqttPublish("a/b", "hi"u8.ToArray(), MqttQos.AtLeastOnce), packetId: 10));
        Assert.Equal("3105" + "0003612F62", Publish(new MqttPublish("a/b", default, MqttQos.AtMostOnce, Retain: true), packetId: 0));
        Assert.Equal(
            "8208" + "000A" + "0003612F62" + "01",
            Convert.ToHexString(SubscribePackets.WriteSubscribe([new("a/b", MqttQos.AtLeastOnce)], packetId: 10, MqttProtocol.V311)));
        Assert.Equal(
            "A207" + "000A" + "0003612F62", Convert.ToHexString(SubscribePackets.WriteUnsubscribe(["a/b"], packetId: 10, MqttProtocol.V311)));
        Assert.Equal("E000", Convert.ToHexString(DisconnectPacket.Write(MqttReason.Success, MqttProtocol.V311)));
        Assert.Empty(DisconnectPacket.Write(MqttReason.ProtocolError, MqttProtocol.V311));
    }

    [Fact]
    public async Task What_it_cannot_carry_is_refused_by_name()
    {
        var (client, peer) = await ConnectAsync(new Inbox());

        await RefusesAsync(new MqttProperties { MessageExpiry = TimeSpan.FromSeconds(1) }, "message expiry");
        await RefusesAsync(new MqttProperties { ResponseTopic = "r" }, "response topic");
        await RefusesAsync(new MqttProperties { CorrelationData = new byte[] { 1 } }, "correlation data");
        await RefusesAsync(new MqttProperties { ContentType = "j" }, "content type");
        await RefusesAsync(new MqttProperties { UserProperties = [new MqttUserProperty("a", "b")] }, "user properties");
        await client.DisposeAsync();
        peer.Dispose();

        async Task RefusesAsync(MqttProperties properties, string what)
        {
            var message = new MqttPublish("t", default, MqttQos.AtLeastOnce, Properties: properties);
            var e = await Assert.ThrowsAsync<ArgumentException>(async () => await client.PublishAsync(message, CancellationToken.None));
            Assert.StartsWith($"MQTT 3.1.1 has no {what}.", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_that_it_cannot_say_are_refused_by_name()
    {
        var will = new MqttWill(new MqttPublish("w", default, MqttQos.AtLeastOnce), TimeSpan.FromSeconds(15));
        Refuses(Options with { SessionExpiry = TimeSpan.FromMinutes(1) }, "has no session expiry");
        Refuses(Options with { Will = will }, "has no will delay");
        Refuses(Options with { Will = new MqttWill(will.Message with { Properties = new MqttProperties { ContentType = "j" } }, TimeSpan.Zero) }, "has no content type");
        Refuses(Options with { ClientId = "", CleanStart = false }, "wants a client identifier");
        Refuses(Options with { Password = new byte[] { 1 } }, "takes no password without a user name");

        static void Refuses(MqttConnectOptions options, string why) =>
            Assert.Contains("MQTT 3.1.1 " + why, Assert.Throws<ArgumentException>(() => ConnectPacket.Write(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20020001", MqttFailure.Refused, "refused the connection: this version of MQTT is not supported (0x84).")]
    [InlineData("20020002", MqttFailure.Refused, "refused the connection: client identifier not valid (0x85).")]
    [InlineData("20020003", MqttFailure.Refused, "refused the connection: server unavailable (0x88).")]
    [InlineData("20020004", MqttFailure.Refused, "refused the connection: bad user name or password (0x86).")]
    [InlineData("20020005", MqttFailure.Refused, "refused the connection: not authorized (0x87).")]
    [InlineData("20020006", MqttFailure.NotABroker, "does not behave like an MQTT 3.1.1 broker: A CONNACK has the return code 6, which MQTT 3.1.1 does not define.")]
    [InlineData("2003008600", MqttFailure.Refused, "refused the connection: this version of MQTT is not supported (0x84).")]
    [InlineData("485454502F312E312034", MqttFailure.NotABroker, "does not behave like an MQTT 3.1.1 broker: its answer is not a CONNACK.")]
    public async Task Says_in_a_sentence_why_there_is_no_connection(string answer, MqttFailure failure, string sentence)
    {
        Task<IMqttConnection> connecting = new MqttConnector(TimeProvider.System).ConnectAsync(Options, new Inbox(), CancellationToken.None).AsTask();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync(Convert.FromHexString(answer));

        var e = await Assert.ThrowsAsync<MqttException>(() => connecting);

        Assert.Equal(failure, e.Failure);
        Assert.EndsWith(sentence, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishes_subscribes_and_receives()
    {
        var inbox = new Inbox();
        var (client, peer) = await ConnectAsync(inbox);

        Task<MqttReason> publishing = client.PublishAsync(new MqttPublish("t", new byte[] { 7 }, MqttQos.AtLeastOnce), CancellationToken.None).AsTask();
        Assert.Equal([0x32, 6, 0, 1, (byte)'t', 0, 1, 7], await peer.ReadAsync());
        await peer.SendAsync(0x40, 2, 0, 1);
        Assert.Equal(MqttReason.Success, await publishing);

        Task<IReadOnlyList<MqttReason>> subscribing = client.SubscribeAsync(
            [new("a", MqttQos.AtLeastOnce), new("b", MqttQos.AtLeastOnce)], CancellationToken.None).AsTask();
        byte[] subscribe = await peer.ReadAsync();
        await peer.SendAsync(0x90, 4, subscribe[2], subscribe[3], 1, 0x80);
        Assert.Equal([MqttReason.GrantedQos1, MqttReason.UnspecifiedError], await subscribing);

        await peer.SendAsync(0x32, 7, 0, 1, (byte)'a', 0, 9, 1, 2);
        Assert.Equal([1, 2], (await inbox.NextAsync()).Payload);
        Assert.Equal([0x40, 2, 0, 9], await peer.ReadAsync());

        Task<IReadOnlyList<MqttReason>> leaving = client.UnsubscribeAsync(["a", "b"], CancellationToken.None).AsTask();
        byte[] unsubscribe = await peer.ReadAsync();
        await peer.SendAsync(0xB0, 2, unsubscribe[2], unsubscribe[3]);
        Assert.Equal([MqttReason.Success, MqttReason.Success], await leaving);
        await client.DisposeAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task A_topic_is_never_replaced_by_a_number()
    {
        var (client, peer) = await ConnectAsync(new Inbox());
        for (int i = 0; i < 4; i++)
        {
            await client.PublishAsync(new MqttPublish("a/long/topic", default, MqttQos.AtMostOnce), CancellationToken.None);
            Assert.Equal(16, (await peer.ReadAsync()).Length);
        }

        await client.DisposeAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task What_was_unacknowledged_goes_on_under_its_identifier_when_the_session_was_kept()
    {
        MqttConnectOptions options = Options with { CleanStart = false, InFlight = new MqttInFlight(maxSends: 5) };
        var (first, lost) = await _broker.ConnectAsync(new Inbox(), Accepted, TimeProvider.System, options);
        Task<MqttReason> publishing = first.PublishKeptAsync(new MqttPublish("t", new byte[] { 7 }, MqttQos.AtLeastOnce), CancellationToken.None).AsTask();
        await lost.ReadAsync();
        lost.Dispose();
        await first.Closed.WaitAsync(ScriptedBroker.Patience);

        var (second, peer) = await _broker.ConnectAsync(new Inbox(), [0x20, 2, 1, 0], TimeProvider.System, options);

        Assert.Equal([0x3A, 6, 0, 1, (byte)'t', 0, 1, 7], await peer.ReadAsync());
        await peer.SendAsync(0x40, 2, 0, 1);
        Assert.Equal(MqttReason.Success, await publishing);
        await second.DisposeAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task A_disconnect_from_the_server_breaks_the_protocol()
    {
        var (client, peer) = await ConnectAsync(new Inbox());

        await peer.SendAsync(0xE0, 0);

        Assert.Empty(await peer.ReadAsync()); // and this side says nothing either: it has no reason codes
        peer.Dispose();
        Assert.Equal(MqttFailure.ProtocolViolation, (await client.Closed.WaitAsync(ScriptedBroker.Patience)).Failure);
    }

    [Fact]
    public async Task A_will_that_is_wanted_is_left_to_the_broken_connection()
    {
        var (client, peer) = await ConnectAsync(new Inbox());

        Task leaving = client.DisconnectAsync(MqttReason.DisconnectWithWill, CancellationToken.None).AsTask();

        Assert.Empty(await peer.ReadAsync());
        peer.Dispose();
        await leaving.WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task A_broker_that_sends_more_than_can_be_held_loses_the_connection()
    {
        var (client, peer) = await _broker.ConnectAsync(new StuckInbox(), Accepted, TimeProvider.System, Options with { ReceiveMaximum = 2 });

        for (byte id = 1; id <= 3; id++)
            await peer.SendAsync(0x32, 5, 0, 1, (byte)'a', 0, id);

        MqttClosed end = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal(MqttReason.ReceiveMaximumExceeded, end.Reason);
        Assert.EndsWith("It sent more than the 2 unacknowledged messages that this side holds, which MQTT 3.1.1 cannot announce.", end.Sentence, StringComparison.Ordinal);
        peer.Dispose();
    }

    private Task<(IMqttConnection Client, ScriptedBroker.Peer Peer)> ConnectAsync(IMqttInbound inbound) =>
        _broker.ConnectAsync(inbound, Accepted, TimeProvider.System, Options);

    private static string Publish(MqttPublish message, int packetId)
    {
        PublishPacket.Layout layout = PublishPacket.Measure(message, MqttProtocol.V311);
        byte[] packet = new byte[layout.TotalBytes];
        PublishPacket.Write(packet, message, layout, alias: default, packetId, duplicate: false);
        return Convert.ToHexString(packet);
    }

    private sealed class StuckInbox : IMqttInbound
    {
        public async ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken) =>
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
