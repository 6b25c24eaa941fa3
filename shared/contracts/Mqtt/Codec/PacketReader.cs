using System.Buffers.Binary;

namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>Reads the fields of one whole packet; every read checks that the packet is long enough.</summary>
/// <remarks>Every method throws <see cref="MalformedPacketException"/> when the bytes are not what MQTT allows.</remarks>
internal ref struct PacketReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    /// <summary>Bytes read so far: the offset of the next field in the body.</summary>
    public int Position { get; private set; }

    public readonly int Remaining => _body.Length - Position;

    public int Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    /// <summary>A byte that may only be 0 or 1.</summary>
    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        int other => throw new MalformedPacketException(MqttReason.ProtocolError, $"A flag has the value {other}."),
    };

    public int Length()
    {
        int read = VariableByteInteger.Read(_body[Position..], out int value);
        if (read == 0)
            throw TooShort();
        Position += read;
        return value;
    }

    /// <summary>Bytes with their length before them.</summary>
    public ReadOnlySpan<byte> Binary() => Take(UInt16());

    /// <summary>Text with its length before it: valid UTF-8 without U+0000.</summary>
    public ReadOnlySpan<byte> Text()
    {
        ReadOnlySpan<byte> bytes = Binary();
        if (!Utf8Text.IsValid(bytes))
            throw new MalformedPacketException(MqttReason.MalformedPacket, "A text is not valid UTF-8.");
        return bytes;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw TooShort();
        ReadOnlySpan<byte> taken = _body.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Refuses bytes after the last field.</summary>
    public readonly void End()
    {
        if (Remaining != 0)
            throw new MalformedPacketException(MqttReason.MalformedPacket, $"A packet has {Remaining} bytes too many.");
    }

    private static MalformedPacketException TooShort() => new(MqttReason.MalformedPacket, "A packet ends in the middle of a field.");
}
