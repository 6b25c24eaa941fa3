namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>CONNECT, as a client writes it.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 3.1.</remarks>
internal static class ConnectPacket
{
    private const int ProtocolVersion = 5;
    private const int FixedBytes = 10; // "MQTT" with its length, version, flags, keep-alive
    private const int CleanStartFlag = 0x02;
    private const int WillFlag = 0x04;
    private const int WillQosShift = 3;
    private const int WillRetainFlag = 0x20;
    private const int PasswordFlag = 0x40;
    private const int UserNameFlag = 0x80;

    /// <summary>The whole packet.</summary>
    /// <exception cref="ArgumentException">A field is not valid.</exception>
    public static byte[] Write(MqttConnectOptions options)
    {
        int properties = PropertyBytes(options);
        int willProperties = WillPropertyBytes(options.Will);
        long remaining = FixedBytes + VariableByteInteger.Size(properties) + properties
            + sizeof(ushort) + (long)Utf8Text.CheckedByteCount(options.ClientId, "The client identifier")
            + WillBytes(options.Will, willProperties)
            + (options.UserName is { } user ? sizeof(ushort) + Utf8Text.CheckedByteCount(user, "The user name") : 0)
            + (options.Password is { } password ? sizeof(ushort) + password.Length : 0);
        if (options.Password is { Length: > ushort.MaxValue })
            throw new ArgumentException($"The password is longer than {ushort.MaxValue} bytes.", nameof(options));

        byte[] packet = new byte[1 + VariableByteInteger.Size((int)remaining) + remaining];
        var writer = new PacketWriter(packet);
        writer.Header(PacketType.Connect, flags: 0, (int)remaining);
        writer.Text("MQTT");
        writer.Byte(ProtocolVersion);
        writer.Byte(Flags(options));
        writer.UInt16((int)MessageProperties.Seconds(options.KeepAlive));
        writer.Length(properties);
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

    private static int WillPropertyBytes(MqttWill? will) =>
        will is null ? 0 : (will.Delay > TimeSpan.Zero ? 5 : 0) + MessageProperties.Measure(will.Message.Properties);

    private static int WillBytes(MqttWill? will, int propertyBytes)
    {
        if (will is null)
            return 0;
        PublishPacket.Measure(will.Message);
        if (will.Message.Payload.Length > ushort.MaxValue)
            throw new ArgumentException($"The will's payload is longer than {ushort.MaxValue} bytes.", nameof(will));
        return VariableByteInteger.Size(propertyBytes) + propertyBytes
            + sizeof(ushort) + Utf8Text.CheckedByteCount(will.Message.Topic, "The will's topic") + sizeof(ushort) + will.Message.Payload.Length;
    }

    private static void WriteWill(ref PacketWriter writer, MqttWill will, int propertyBytes)
    {
        writer.Length(propertyBytes);
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
