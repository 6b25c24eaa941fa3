namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>CONNECT, as a client writes it.</summary>
/// <remarks>Source: OASIS MQTT 5.0 and 3.1.1, section 3.1. The flag of a clean start is at the place of the clean session, which also ends with
/// its connection; without it a server of 3.1.1 keeps the session for as long as it likes.</remarks>
internal static class ConnectPacket
{
    private const int ProtocolLevel5 = 5;
    private const int ProtocolLevel311 = 4;
    private const int FixedBytes = 10; // "MQTT" with its length, version, flags, keep-alive
    private const int CleanStartFlag = 0x02;
    private const int WillFlag = 0x04;
    private const int WillQosShift = 3;
    private const int WillRetainFlag = 0x20;
    private const int PasswordFlag = 0x40;
    private const int UserNameFlag = 0x80;

    /// <summary>The whole packet.</summary>
    /// <exception cref="ArgumentException">A field is not valid, or the protocol has no way to say it.</exception>
    public static byte[] Write(MqttConnectOptions options)
    {
        bool has5 = options.Protocol == MqttProtocol.V5;
        if (!has5 && Inexpressible(options) is { } complaint)
            throw new ArgumentException(complaint, nameof(options));
        int properties = has5 ? PropertyBytes(options) : MessageProperties.NoSection;
        int willProperties = WillPropertyBytes(options.Will, options.Protocol);
        long remaining = FixedBytes + VariableByteInteger.Size(properties) + properties
            + sizeof(ushort) + (long)Utf8Text.CheckedByteCount(options.ClientId, "The client identifier")
            + WillBytes(options.Will, willProperties, options.Protocol)
            + (options.UserName is { } user ? sizeof(ushort) + Utf8Text.CheckedByteCount(user, "The user name") : 0)
            + (options.Password is { } password ? sizeof(ushort) + password.Length : 0);
        if (options.Password is { Length: > ushort.MaxValue })
            throw new ArgumentException($"The password is longer than {ushort.MaxValue} bytes.", nameof(options));

        byte[] packet = new byte[1 + VariableByteInteger.Size((int)remaining) + remaining];
        var writer = new PacketWriter(packet);
        writer.Header(PacketType.Connect, flags: 0, (int)remaining);
        writer.Text("MQTT");
        writer.Byte(has5 ? ProtocolLevel5 : ProtocolLevel311);
        writer.Byte(Flags(options));
        writer.UInt16((int)MessageProperties.Seconds(options.KeepAlive));
        writer.SectionLength(properties);
        if (has5)
            WriteProperties(ref writer, options);
        writer.Text(options.ClientId);
        if (options.Will is { } will)
            WriteWill(ref writer, will, willProperties);
        if (options.UserName is { } userName)
            writer.Text(userName);
        if (options.Password is { } secret)
            writer.Binary(secret.Span);
        return packet;
    }

    /// <summary>Why MQTT 3.1.1 cannot say what these options ask for; null when it can.</summary>
    private static string? Inexpressible(MqttConnectOptions options) => options switch
    {
        { SessionExpiry: var expiry } when expiry > TimeSpan.Zero => "MQTT 3.1.1 has no session expiry: leave it zero, and the broker keeps a session that is not clean.",
        { Will.Delay: var delay } when delay > TimeSpan.Zero => "MQTT 3.1.1 has no will delay.",
        { ClientId: "", CleanStart: false } => "MQTT 3.1.1 wants a client identifier for a session that is not clean.",
        { UserName: null, Password: not null } => "MQTT 3.1.1 takes no password without a user name.",
        _ => null,
    };

    private static int Flags(MqttConnectOptions options)
    {
        int flags = options.CleanStart ? CleanStartFlag : 0;
        if (options.Will is { } will)
            flags |= WillFlag | ((int)will.Message.Qos << WillQosShift) | (will.Message.Retain ? WillRetainFlag : 0);
        if (options.UserName is not null)
            flags |= UserNameFlag;
        if (options.Password is not null)
            flags |= PasswordFlag;
        return flags;
    }

    private static int PropertyBytes(MqttConnectOptions options) =>
        (options.SessionExpiry > TimeSpan.Zero ? 5 : 0) + 3 /* receive maximum */ + 5 /* maximum packet size */
        + (options.TopicAliasMaximum > 0 ? 3 : 0);

    private static void WriteProperties(ref PacketWriter writer, MqttConnectOptions options)
    {
        if (options.SessionExpiry > TimeSpan.Zero)
        {
            writer.Byte((int)PropertyId.SessionExpiry);
            writer.UInt32(MessageProperties.Seconds(options.SessionExpiry));
        }
        writer.Byte((int)PropertyId.ReceiveMaximum);
        writer.UInt16(options.ReceiveMaximum);
        writer.Byte((int)PropertyId.MaximumPacketSize);
        writer.UInt32((uint)options.MaxPacketBytes);
        if (options.TopicAliasMaximum > 0)
        {
            writer.Byte((int)PropertyId.TopicAliasMaximum);
            writer.UInt16(options.TopicAliasMaximum);
        }
    }

    private static int WillPropertyBytes(MqttWill? will, MqttProtocol protocol) =>
        will is null ? 0 : (will.Delay > TimeSpan.Zero ? 5 : 0) + MessageProperties.Measure(will.Message.Properties, protocol);

    private static int WillBytes(MqttWill? will, int propertyBytes, MqttProtocol protocol)
    {
        if (will is null)
            return 0;
        PublishPacket.Measure(will.Message, protocol);
        if (will.Message.Payload.Length > ushort.MaxValue)
            throw new ArgumentException($"The will's payload is longer than {ushort.MaxValue} bytes.", nameof(will));
        return VariableByteInteger.Size(propertyBytes) + propertyBytes
            + sizeof(ushort) + Utf8Text.CheckedByteCount(will.Message.Topic, "The will's topic") + sizeof(ushort) + will.Message.Payload.Length;
    }

    private static void WriteWill(ref PacketWriter writer, MqttWill will, int propertyBytes)
    {
        writer.SectionLength(propertyBytes);
        if (will.Delay > TimeSpan.Zero)
        {
            writer.Byte((int)PropertyId.WillDelay);
            writer.UInt32(MessageProperties.Seconds(will.Delay));
        }
        MessageProperties.Write(ref writer, will.Message.Properties);
        writer.Text(will.Message.Topic);
        writer.Binary(will.Message.Payload.Span);
    }
}
