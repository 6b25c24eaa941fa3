using System.Buffers.Binary;

namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>Writes the fields of a packet one after the other into room that the caller has measured.</summary>
internal ref struct PacketWriter(Span<byte> room)
{
    private readonly Span<byte> _room = room;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    public void Byte(int value) => _room[Written++] = (byte)value;

    public void UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_room[Written..], (ushort)value);
        Written += sizeof(ushort);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_room[Written..], value);
        Written += sizeof(uint);
    }

    public void Length(int value) => Written += VariableByteInteger.Write(_room[Written..], value);

    /// <summary>Length of a property section; nothing for <see cref="MessageProperties.NoSection"/>.</summary>
    public void SectionLength(int bytes)
    {
        if (bytes >= 0)
            Length(bytes);
    }

    /// <summary>First byte and remaining length.</summary>
    public void Header(PacketType type, int flags, int remainingLength)
    {
        Byte(((int)type << 4) | flags);
        Length(remainingLength);
    }

    /// <summary>Text with its length before it; must fit, which <see cref="Utf8Text.CheckedByteCount"/> has checked.</summary>
    public void Text(string value)
    {
        int bytes = Utf8Text.Write(value, _room[(Written + sizeof(ushort))..]);
        UInt16(bytes);
        Written += bytes;
    }

    /// <summary>Bytes with their length before them.</summary>
    public void Binary(ReadOnlySpan<byte> value)
    {
        UInt16(value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_room[Written..]);
        Written += value.Length;
    }
}
