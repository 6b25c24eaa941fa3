using System.Buffers.Binary;
using System.Text;

namespace InstantNet.Generation.Import;

/// <summary>Reads the fields of one protobuf message, in their order; the mirror of <see cref="Export.ProtobufWriter"/>. Trusts no length.</summary>
/// <remarks>Source: protobuf.dev, Encoding. Every fault is an <see cref="InvalidDataException"/> whose sentence begins with "it".</remarks>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int MaxVarintBytes = 10;
    private ReadOnlySpan<byte> _rest = message;
    private Wire _wire;

    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Length = 2,
        Fixed32 = 5,
    }

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; its value must then be read or passed over.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        ulong tag = Varint();
        _wire = (Wire)(tag & 7);
        Field = tag >> 3 is > 0 and <= int.MaxValue / 8 ? (int)(tag >> 3) : throw Damaged("a field has an impossible number");
        return _wire is Wire.Varint or Wire.Fixed64 or Wire.Length or Wire.Fixed32 ? true : throw Damaged($"field {Field} is of an unknown kind");
    }

    /// <summary>An integer or an enum.</summary>
    public long Integer() => Expect(Wire.Varint) ? (long)Varint() : 0;

    /// <summary>A 32-bit float.</summary>
    public float Float() => Expect(Wire.Fixed32) ? BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float))) : 0;

    /// <summary>Bytes, or a message inside this one; a view, not a copy.</summary>
    public ReadOnlySpan<byte> Bytes() => Expect(Wire.Length) ? Take(Varint()) : default;

    /// <summary>UTF-8 text; bytes that are none become question marks.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>One integer of a list, or all of it at once: writers do either.</summary>
    public void IntegersInto(List<long> list)
    {
        if (_wire == Wire.Varint)
        {
            list.Add((long)Varint());
            return;
        }

        ProtobufReader packed = new(Bytes());
        while (!packed._rest.IsEmpty)
            list.Add((long)packed.Varint());
    }

    /// <summary>One float of a list, or all of it at once.</summary>
    public void FloatsInto(List<float> list)
    {
        if (_wire == Wire.Fixed32)
        {
            list.Add(Float());
            return;
        }

        ProtobufReader packed = new(Bytes());
        while (!packed._rest.IsEmpty)
            list.Add(BinaryPrimitives.ReadSingleLittleEndian(packed.Take(sizeof(float))));
    }

    /// <summary>Passes over the current field's value.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case Wire.Varint:
                Varint();
                break;
            case Wire.Length:
                Take(Varint());
                break;
            default:
                Take(_wire == Wire.Fixed64 ? (ulong)sizeof(ulong) : sizeof(uint));
                break;
        }
    }

    private readonly bool Expect(Wire wire) => _wire == wire ? true : throw Damaged($"field {Field} holds a {_wire}, not a {wire}");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
            throw Damaged($"field {Field} claims {length} bytes, {_rest.Length} are left");
        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < MaxVarintBytes; i++)
        {
            if (i == _rest.Length)
                throw Damaged("it ends within a number");
            byte next = _rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next >= 0x80)
                continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw Damaged($"a number is longer than {MaxVarintBytes} bytes");
    }

    private static InvalidDataException Damaged(string how) => new($"it is cut off or not an ONNX file ({how})");
}
