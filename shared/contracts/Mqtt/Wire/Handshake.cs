using InstantNet.Contracts.Mqtt.Codec;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>CONNECT and CONNACK over an open transport.</summary>
internal static class Handshake
{
    private const int ConnAckFirstByte = (int)PacketType.ConnAck << 4;

    /// <param name="transport">Just opened.</param>
    /// <param name="connect">The CONNECT packet.</param>
    /// <param name="received">Keeps what arrives behind the CONNACK.</param>
    /// <param name="options">What the CONNECT was written from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MqttException">Refused, or no broker of this MQTT version.</exception>
    public static async ValueTask<MqttConnAck> RunAsync(
        MqttTransport transport, ReadOnlyMemory<byte> connect, ReceiveBuffer received, MqttConnectOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await transport.Stream.WriteAsync(connect, cancellationToken);
            FrameHeader header;
            while (!TryReadHeader(received, options.MaxPacketBytes, out header) || received.Unread.Length < header.TotalBytes)
            {
                int count = await transport.Stream.ReadAsync(received.Room(header.TotalBytes), cancellationToken);
                if (count == 0)
                    throw NotABroker(transport, options, "it closed the connection without an answer");
                received.Received(count);
            }
            MqttConnAck answer = Read(
                options.Protocol, received.Unread.Span.Slice(header.HeaderBytes, header.BodyBytes), out MqttReason reason, out string? text);
            received.Consume(header.TotalBytes);
            if (reason.IsFailure())
                throw Refused(transport, reason, text, answer.ServerReference);
            return Complaint(answer, options) is { } complaint ? throw NotABroker(transport, options, complaint) : answer;
        }
        catch (MalformedPacketException e)
        {
            throw e.Reason == MqttReason.UnsupportedProtocolVersion
                ? Refused(transport, e.Reason, text: null, serverReference: null)
                : NotABroker(transport, options, e.Message);
        }
        catch (IOException e) when (transport.IsSecure)
        {
            // TLS 1.3: the server judges the client's certificate only after the client thinks that all is agreed.
            throw new MqttException(
                MqttFailure.TlsFailed, MqttReason.NotAuthorized,
                $"{transport.Name} ended the TLS connection, perhaps because of the client certificate: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (IOException e)
        {
            throw NotABroker(transport, options, "it broke the connection instead of answering (" + e.Message + ")", e);
        }
    }

    private static MqttConnAck Read(MqttProtocol protocol, ReadOnlySpan<byte> body, out MqttReason reason, out string? text)
    {
        text = null;
        return protocol == MqttProtocol.V5 ? ConnAckPacket.Read(body, out reason, out text) : Mqtt311Answers.ReadConnAck(body, out reason);
    }

    // Source: OASIS MQTT 5.0, MQTT-3.2.2-2 and MQTT-3.2.2-16. MQTT 3.1.1 does not tell the identifier that it assigns.
    private static string? Complaint(MqttConnAck answer, MqttConnectOptions options) =>
        answer.SessionPresent && options.CleanStart ? "it kept a session that was to start clean"
        : answer.Protocol == MqttProtocol.V5 && options.ClientId.Length == 0 && answer.AssignedClientId is null or "" ? "it assigned no client identifier though none was given"
        : null;

    private static bool TryReadHeader(ReceiveBuffer received, int maxPacketBytes, out FrameHeader header)
    {
        ReadOnlySpan<byte> unread = received.Unread.Span;
        if (!unread.IsEmpty && unread[0] != ConnAckFirstByte)
            throw new MalformedPacketException(
                MqttReason.ProtocolError,
                unread[0] == (int)PacketType.Auth << 4 ? FrameHeader.EnhancedAuthentication : "its answer is not a CONNACK");
        return FrameHeader.TryRead(unread, maxPacketBytes, out header);
    }

    private static MqttException NotABroker(MqttTransport transport, MqttConnectOptions options, string why, Exception? cause = null) => new(
        MqttFailure.NotABroker, MqttReason.ProtocolError, $"{transport.Name} does not behave like an {options.Protocol.Name()} broker: {why.TrimEnd('.')}.", cause);

    private static MqttException Refused(MqttTransport transport, MqttReason reason, string? text, string? serverReference) => new(
        MqttFailure.Refused, reason, $"The broker at {transport.Name} refused the connection: {reason.Describe(text, serverReference)}.", cause: null)
    {
        ServerReference = serverReference,
    };
}
