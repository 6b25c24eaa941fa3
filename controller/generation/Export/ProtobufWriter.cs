using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace InstantNet.Generation.Export;

/// <summary>Writes one protobuf message: the few wire types that ONNX uses. Not thread-safe.</summary>
/// <remarks>Source: protobuf.dev, Encoding: a field is (number &lt;&lt; 3 | wire type), then its value.</remarks>
internal sealed class ProtobufWriter
{
    private const int MaxVarintBytes = 10;
    private const int VarintType = 0;
    private const int LengthType = 2;
    private const int Fixed32Type = 5;
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>An integer or an enum; negative ones take ten bytes.</summary>
    public ProtobufWriter Integer(int field, long value)
    {
        Tag(field, VarintType);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A 32-bit float.</summary>
    public ProtobufWriter Float(int field, float value)
    {
        Tag(field, Fixed32Type);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
        return this;
    }

    /// <summary>Bytes.</summary>
    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthType);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>UTF-8 text.</summary>
    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message inside this one, as it is now.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter value) => Bytes(field, value._bytes.WrittenSpan);

    /// <summary>The message so far.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private void Tag(int field, int wireType) => Varint((ulong)(field << 3 | wireType));

    private void Varint(ulong value)
    {
        Span<byte> bytes = _bytes.GetSpan(MaxVarintBytes);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
