using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>Reads packets and gives each to the part that waits for it.</summary>
internal sealed class PacketReceiver(
    Stream stream, ReceiveBuffer received, MqttConnectOptions options, InboundQueue inbound, PublishPipeline publishes, SubscriptionRequests requests)
{
    private readonly TopicCache _topics = new(options.TopicAliasMaximum);
    private bool _gathering;
    private int _messages;
    private volatile bool _heard;
    private volatile bool _discarding;

    /// <summary>Told true before the first of several messages is handed over, and false when all that was read is; null for nobody.</summary>
    public Action<bool>? GatherAcknowledgements { get; init; }

    /// <summary>Told what was read and when nothing is left to read; null for nobody.</summary>
    public ReceiveModerator? Moderator { get; init; }

    /// <summary>True when something was received since the last call.</summary>
    public bool TakeHeard()
    {
        bool heard = _heard;
        _heard = false;
        return heard;
    }

    /// <summary>From now on only waits for the end of the stream.</summary>
    public void Discard() => _discarding = true;

    /// <summary>Runs until the broker disconnects or the stream ends.</summary>
    /// <exception cref="MalformedPacketException">The broker broke the protocol.</exception>
    public async Task<MqttClosed> RunAsync(string name)
    {
        try
        {
            while (true)
            {
                if (TakeAll(name, out int packetBytes) is { } end)
                    return end;
                if (received.Unread.IsEmpty)
                {
                    // An idle connection holds no buffer: wait for bytes first, then rent.
                    received.Free();
                    Moderator?.Hold();
#pragma warning disable CA2022 // A read of no bytes returns none on purpose.
                    await stream.ReadAsync(Memory<byte>.Empty);
#pragma warning restore CA2022
                }
                int count = await stream.ReadAsync(received.Room(packetBytes));
                if (count == 0)
                    return SilentEnd(name);
                received.Received(count);
                _heard = true;
            }
        }
        finally
        {
            received.Free();
        }
    }

    private MqttClosed? TakeAll(string name, out int packetBytes)
    {
        try
        {
            return TakePackets(name, out packetBytes);
        }
        finally
        {
            if (_gathering)
            {
                _gathering = false;
                GatherAcknowledgements?.Invoke(false);
            }
            Moderator?.Received(_messages);
            _messages = 0;
        }
    }

    private void GatherOnce()
    {
        if (_gathering)
            return;
        _gathering = true;
        GatherAcknowledgements?.Invoke(true);
    }

    /// <param name="name">host:port.</param>
    /// <param name="packetBytes">Size of the packet that is there in part; zero while unknown.</param>
    /// <returns>How the connection ended, or null to read on.</returns>
    private MqttClosed? TakePackets(string name, out int packetBytes)
    {
        packetBytes = 0;
        while (true)
        {
            ReadOnlyMemory<byte> unread = received.Unread;
            if (_discarding)
            {
                received.Consume(unread.Length);
                return null;
            }
            if (!FrameHeader.TryRead(unread.Span, options.MaxPacketBytes, out FrameHeader header))
                return null;
            if (unread.Length < header.TotalBytes)
            {
                packetBytes = header.TotalBytes;
                return null;
            }
            if (Take(header, unread.Slice(header.HeaderBytes, header.BodyBytes), name) is { } end)
                return end;
            received.Consume(header.TotalBytes);
        }
    }

    private MqttClosed? Take(FrameHeader header, ReadOnlyMemory<byte> body, string name)
    {
        switch (header.Type)
        {
            case PacketType.Publish:
                MqttMessage message = PublishPacket.Read(header.Flags, body, _topics, out int messageId, options.Protocol);
                if (messageId != 0)
                    GatherOnce();
                _messages++;
                if (!inbound.Deliver(message, messageId, received.Block))
                    throw new MalformedPacketException(MqttReason.ReceiveMaximumExceeded, TooMany);
                return null;
            case PacketType.PubAck:
                int publishId = ReadPubAck(body.Span, out MqttReason reason, out string? text);
                return publishes.Acknowledge(publishId, reason, text) || _discarding ? null : throw UnknownId(header.Type, publishId);
            case PacketType.SubAck or PacketType.UnsubAck:
                int requestId = Is5
                    ? AckPackets.ReadSubscriptionAck(header.Type, body.Span, out MqttReason[] reasons)
                    : Mqtt311Answers.ReadSubscriptionAck(header.Type, body.Span, out reasons);
                return requests.Answer(header.Type, requestId, reasons) || _discarding ? null : throw UnknownId(header.Type, requestId);
            case PacketType.PingResp:
                return body.IsEmpty ? null : throw new MalformedPacketException(MqttReason.MalformedPacket, "A PINGRESP has a body.");
            case PacketType.Disconnect when Is5:
                MqttReason why = DisconnectPacket.Read(body.Span, out string? words, out string? elsewhere);
                return new MqttClosed(MqttFailure.ClosedByBroker, why, $"The broker at {name} disconnected: {why.Describe(words, elsewhere)}.")
                {
                    ServerReference = elsewhere,
                };
            default:
                throw new MalformedPacketException(MqttReason.ProtocolError, $"A packet of type {header.Type} was not expected.");
        }
    }

    private bool Is5 => options.Protocol == MqttProtocol.V5;

    private string TooMany => Is5
        ? "It sent more unacknowledged messages than announced."
        : $"It sent more than the {options.ReceiveMaximum} unacknowledged messages that this side holds, which MQTT 3.1.1 cannot announce.";

    private int ReadPubAck(ReadOnlySpan<byte> body, out MqttReason reason, out string? text)
    {
        if (Is5)
            return AckPackets.ReadPubAck(body, out reason, out text);
        (reason, text) = (MqttReason.Success, null);
        return Mqtt311Answers.ReadPubAck(body);
    }

    private static MqttClosed SilentEnd(string name) =>
        new(MqttFailure.ConnectionLost, MqttReason.UnspecifiedError, $"The broker at {name} closed the connection without a word.");

    private static MalformedPacketException UnknownId(PacketType type, int packetId) =>
        new(MqttReason.ProtocolError, $"A {type} has the identifier {packetId}, which nothing waits for.");
}
