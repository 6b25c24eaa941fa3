using System.Buffers.Binary;
using System.Text;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>One packet of MQTT 3.1.1 as a server reads and writes it. Shares nothing with the product's client, so that no error cancels out.</summary>
/// <param name="Type">Upper four bits of the first byte.</param>
/// <param name="Flags">Lower four bits.</param>
/// <param name="Body">Everything behind the remaining length.</param>
/// <remarks>Source: OASIS MQTT 3.1.1, chapters 2 and 3.</remarks>
internal sealed record MqttPacket(int Type, int Flags, byte[] Body)
{
    public const int Connect = 1, ConnAck = 2, Publish = 3, PubAck = 4, Subscribe = 8, SubAck = 9, Unsubscribe = 10, UnsubAck = 11, PingReq = 12, PingResp = 13, Disconnect = 14;

    private const int MostBytes = 512 * 1024;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads the next packet; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">Not what the standard allows.</exception>
    public static async Task<MqttPacket?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] one = new byte[1];
        if (await stream.ReadAsync(one, cancellationToken) == 0)
            return null;
        int first = one[0], length = 0, shift = 0;
        do
        {
            if (shift > 21)
                throw new InvalidDataException("A remaining length has more than four bytes.");
            await stream.ReadExactlyAsync(one, cancellationToken);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);
        if (length > MostBytes)
            throw new InvalidDataException($"A packet has {length} bytes.");
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, cancellationToken);
        MqttPacket packet = new(first >> 4, first & 0xF, body);
        int reserved = packet.Type is Subscribe or Unsubscribe ? 2 : 0;
        return packet.Type == Publish || packet.Flags == reserved ? packet : throw new InvalidDataException($"Packet type {packet.Type} has flags {packet.Flags}.");
    }

    public byte[] ToBytes()
    {
        List<byte> bytes = [(byte)((Type << 4) | Flags)];
        int length = Body.Length;
        do
        {
            bytes.Add((byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0)));
            length >>= 7;
        }
        while (length > 0);
        bytes.AddRange(Body);
        return [.. bytes];
    }

    /// <summary>A message at QoS 0.</summary>
    public static MqttPacket Message(string topic, byte[] payload) => new(Publish, 0, [.. Text(topic), .. payload]);

    /// <summary>Length and bytes of a text.</summary>
    public static byte[] Text(string text)
    {
        byte[] bytes = Strict.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    /// <summary>Reads fields one after the other.</summary>
    internal sealed class Fields(byte[] body)
    {
        private int _at;

        public bool IsAtEnd => _at == body.Length;

        public int Byte() => Take(1)[0];

        public int Number() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

        public byte[] Binary() => Take(Number()).ToArray();

        public string Text()
        {
            byte[] bytes = Binary();
            if (bytes.Contains((byte)0))
                throw new InvalidDataException("A text has the character U+0000.");
            try
            {
                return Strict.GetString(bytes);
            }
            catch (DecoderFallbackException e)
            {
                throw new InvalidDataException("A text is no UTF-8.", e);
            }
        }

        public byte[] Rest() => Take(body.Length - _at).ToArray();

        public void End()
        {
            if (!IsAtEnd)
                throw new InvalidDataException("A packet goes on behind its last field.");
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (body.Length - _at < count)
                throw new InvalidDataException("A packet ends in the middle of a field.");
            _at += count;
            return body.AsSpan(_at - count, count);
        }
    }
}
