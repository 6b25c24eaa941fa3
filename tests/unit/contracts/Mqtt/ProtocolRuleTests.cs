using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>Rules of OASIS MQTT 5.0 that a broker may break, and what it may ask of a client.</summary>
public sealed class ProtocolRuleTests : IDisposable
{
    private readonly ScriptedBroker _broker = new();

    public void Dispose() => _broker.Dispose();

    /// <summary>Sections 2.4, 3.4.2.1, 3.9.3 and 3.11.3.</summary>
    [Theory]
    [InlineData("4003000111")]
    [InlineData("40030001FF")]
    [InlineData("900400010002")]
    [InlineData("900400010011")]
    [InlineData("B00400010001")]
    [InlineData("E00104")]
    [InlineData("2003001000")]
    public void A_reason_code_that_does_not_belong_to_its_packet_is_refused(string hex) => Refused(hex, MqttReason.ProtocolError);

    /// <summary>Section 2.2.1.</summary>
    [Theory]
    [InlineData("40020000")]
    [InlineData("900400000001")]
    [InlineData("B00400000000")]
    public void The_packet_identifier_zero_is_refused(string hex) => Refused(hex, MqttReason.ProtocolError);

    /// <summary>Section 2.1.3.</summary>
    [Theory]
    [InlineData("41020001")]
    [InlineData("D100")]
    [InlineData("E200")]
    public void Reserved_flags_are_refused(string hex) => Refused(hex, MqttReason.MalformedPacket);

    /// <summary>Section 4.12, MQTT-4.12.0-6.</summary>
    [Fact]
    public async Task An_AUTH_packet_ends_the_connection_with_a_protocol_error()
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox());

        await peer.SendAsync(0xF0, 0);

        Assert.Equal([0xE0, 1, (byte)MqttReason.ProtocolError], await peer.ReadAsync());
        peer.Dispose();
        Assert.EndsWith("which this client does not offer", (await client.Closed.WaitAsync(ScriptedBroker.Patience)).Sentence, StringComparison.Ordinal);
    }

    /// <summary>Section 4.11: in a CONNACK and in a DISCONNECT.</summary>
    [Fact]
    public async Task A_broker_that_moved_says_where_to()
    {
        Task<IMqttConnection> connecting = new MqttConnector(TimeProvider.System).ConnectAsync(_broker.Options, new Inbox(), CancellationToken.None).AsTask();
        using (await _broker.AcceptAsync([0x20, 8, 0, 0x9D, 5, 0x1C, 0, 2, (byte)'b', (byte)'2']))
        {
            var e = await Assert.ThrowsAsync<MqttException>(() => connecting);
            Assert.Equal((MqttReason.ServerMoved, "b2"), (e.Reason, e.ServerReference));
            Assert.EndsWith("server moved (0x9D) (it refers to the server 'b2').", e.Message, StringComparison.Ordinal);
        }
        var (client, peer) = await _broker.ConnectAsync(new Inbox());
        await peer.SendAsync(0xE0, 7, 0x9C, 5, 0x1C, 0, 2, (byte)'b', (byte)'3');
        MqttClosed closed = await client.Closed.WaitAsync(ScriptedBroker.Patience);
        Assert.Equal((MqttReason.UseAnotherServer, "b3"), (closed.Reason, closed.ServerReference));
    }

    /// <summary>MQTT-3.2.2-2.</summary>
    [Fact]
    public async Task A_clean_start_that_finds_a_session_is_refused() =>
        await NotABrokerAsync(_broker.Options with { CleanStart = true }, [0x20, 3, 1, 0, 0]);

    /// <summary>MQTT-3.2.2-16.</summary>
    [Fact]
    public async Task A_broker_that_names_no_client_who_has_no_name_is_refused() =>
        await NotABrokerAsync(_broker.Options with { ClientId = "" }, ScriptedBroker.Accepted);

    /// <summary>Sections 3.2.2.3.11 and 3.2.2.3.13.</summary>
    [Fact]
    public async Task Filters_that_the_broker_does_not_take_are_not_sent()
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox(), [0x20, 7, 0, 0, 4, 0x28, 0, 0x2A, 0], TimeProvider.System, _broker.Options);

        Assert.Equal(MqttReason.WildcardSubscriptionsNotSupported, await RefusalAsync(client, "a/+"));
        Assert.Equal(MqttReason.SharedSubscriptionsNotSupported, await RefusalAsync(client, "$share/g/a"));
        await client.DisposeAsync();
        Assert.Empty(await peer.ReadAsync());
    }

    /// <summary>Section 3.2.2.3.6.</summary>
    [Fact]
    public async Task A_message_larger_than_the_broker_takes_is_not_sent()
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox(), [0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 20], TimeProvider.System, _broker.Options);

        var e = await Assert.ThrowsAsync<MqttException>(
            () => client.PublishAsync(new MqttPublish("t", new byte[20], MqttQos.AtLeastOnce), CancellationToken.None).AsTask());
        Assert.Equal((MqttFailure.TooLarge, MqttReason.PacketTooLarge), (e.Failure, e.Reason));
        await client.DisposeAsync();
        Assert.Empty(await peer.ReadAsync());
    }

    /// <summary>Section 4.9: what a broker that acknowledges nothing makes wait is bounded.</summary>
    [Fact]
    public async Task No_more_than_a_hundred_thousand_publishes_wait_for_a_broker_that_takes_no_more()
    {
        var (client, peer) = await _broker.ConnectAsync(new Inbox(), [0x20, 6, 0, 0, 3, 0x21, 0, 1], TimeProvider.System, _broker.Options);
        var message = new MqttPublish("t", default, MqttQos.AtLeastOnce);
        Task<MqttReason>[] waiting = [.. Enumerable.Range(0, 100_001).Select(_ => client.PublishAsync(message, CancellationToken.None).AsTask())];

        var e = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(message, CancellationToken.None).AsTask());

        Assert.Equal("100000 publishes already wait until the broker takes more.", e.Message);
        Assert.All(waiting, publish => Assert.False(publish.IsCompleted));
        await client.DisposeAsync();
        peer.Dispose();
        await Assert.ThrowsAsync<MqttException>(() => Task.WhenAll(waiting));
    }

    /// <summary>Section 3.2.2.3.14.</summary>
    [Fact]
    public async Task The_brokers_keep_alive_replaces_the_clients()
    {
        var clock = new ManualClock();
        var (client, peer) = await _broker.ConnectAsync(new Inbox(), [0x20, 6, 0, 0, 3, 0x13, 0, 8], clock, _broker.Options with { KeepAlive = TimeSpan.FromHours(1) });

        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal([0xC0, 0], await peer.ReadAsync());
        await client.DisposeAsync();
    }

    private static async Task<MqttReason> RefusalAsync(IMqttConnection client, string filter) =>
        (await Assert.ThrowsAsync<MqttException>(() => client.SubscribeAsync([new(filter, MqttQos.AtLeastOnce)], CancellationToken.None).AsTask())).Reason;

    private async Task NotABrokerAsync(MqttConnectOptions options, byte[] answer)
    {
        Task<IMqttConnection> connecting = new MqttConnector(TimeProvider.System).ConnectAsync(options, new Inbox(), CancellationToken.None).AsTask();
        using ScriptedBroker.Peer peer = await _broker.AcceptAsync(answer);
        Assert.Equal(MqttFailure.NotABroker, (await Assert.ThrowsAsync<MqttException>(() => connecting)).Failure);
    }

    private static void Refused(string hex, MqttReason reason)
    {
        byte[] packet = Convert.FromHexString(hex);
        var e = Assert.Throws<MalformedPacketException>(() =>
        {
            Assert.True(FrameHeader.TryRead(packet, int.MaxValue, out FrameHeader header));
            ReadOnlySpan<byte> body = packet.AsSpan(header.HeaderBytes, header.BodyBytes);
            _ = header.Type switch
            {
                PacketType.ConnAck => ConnAckPacket.Read(body, out _, out _) is null ? 0 : 1,
                PacketType.PubAck => AckPackets.ReadPubAck(body, out _, out _),
                PacketType.Disconnect => (int)DisconnectPacket.Read(body, out _, out _),
                _ => AckPackets.ReadSubscriptionAck(header.Type, body, out _),
            };
        });
        Assert.Equal(reason, e.Reason);
    }
}
