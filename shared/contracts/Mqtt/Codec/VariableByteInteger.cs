namespace InstantNet.Contracts.Mqtt.Codec;

/// <summary>MQTT's variable length: 7 bits a byte, low group first, top bit = more follows; 0 to 268,435,455.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 1.5.5.</remarks>
internal static class VariableByteInteger
{
    public const int Max = 268_435_455;
    public const int MaxBytes = 4;

    /// <returns>Bytes needed, 1 to 4.</returns>
    public static int Size(int value) => value switch
    {
        < 128 => 1,
        < 16_384 => 2,
        < 2_097_152 => 3,
        _ => 4,
    };

    /// <returns>Bytes written, 1 to 4.</returns>
    public static int Write(Span<byte> destination, int value)
    {
        int written = 0;
        do
        {
            int group = value & 0x7F;
            value >>= 7;
            destination[written++] = (byte)(value > 0 ? group | 0x80 : group);
        }
        while (value > 0);
        return written;
    }

    /// <returns>Bytes read, 1 to 4; 0 when the source ends too early.</returns>
    /// <exception cref="MalformedPacketException">Longer than four bytes, or longer than needed.</exception>
    public static int Read(ReadOnlySpan<byte> source, out int value)
    {
        value = 0;
        for (int i = 0; i < MaxBytes; i++)
        {
            if (i == source.Length)
                return 0;
            value |= (source[i] & 0x7F) << (7 * i);
            if ((source[i] & 0x80) != 0)
                continue;
            if (i > 0 && source[i] == 0)
                throw new MalformedPacketException(MqttReason.MalformedPacket, "A length uses more bytes than it needs.");
            return i + 1;
        }
        throw new MalformedPacketException(MqttReason.MalformedPacket, "A length is longer than four bytes.");
    }
}
