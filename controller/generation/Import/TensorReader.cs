using System.Buffers.Binary;

namespace InstantNet.Generation.Import;

/// <summary>Decodes a TensorProto whose values, float, int32 or int64, lie in the file itself.</summary>
/// <remarks>Source: onnx.proto, TensorProto: dims = 1, data_type = 2, float_data = 4, int32_data = 5, int64_data = 7, name = 8, raw_data = 9, data_location = 14.</remarks>
internal static class TensorReader
{
    /// <summary>TensorProto.DataType FLOAT.</summary>
    public const int FloatType = 1;

    private const int Int32Type = 6;
    private const int Int64Type = 7;
    private const int External = 1;
    private const int MostDimensions = 8;

    /// <returns>Without values when it is of another type.</returns>
    /// <exception cref="InvalidDataException">Kept outside the file, or its values do not fill its dimensions.</exception>
    public static (string Name, GraphTensor Tensor) Read(ReadOnlySpan<byte> message)
    {
        (string name, int type, long location) = ("", 0, 0);
        List<long> dimensions = [], integers = [];
        List<float> floats = [];
        ReadOnlySpan<byte> raw = default;
        bool hasRaw = false;
        ProtobufReader tensor = new(message);
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1:
                    tensor.IntegersInto(dimensions);
                    break;
                case 2:
                    type = (int)tensor.Integer();
                    break;
                case 4:
                    tensor.FloatsInto(floats);
                    break;
                case 5 or 7:
                    tensor.IntegersInto(integers);
                    break;
                case 8:
                    name = tensor.Text();
                    break;
                case 9:
                    raw = tensor.Bytes();
                    hasRaw = true;
                    break;
                case 14:
                    location = tensor.Integer();
                    break;
                default:
                    tensor.Skip();
                    break;
            }
        }

        if (location == External)
            throw new InvalidDataException($"constant '{name}' lies in another file; one file with everything in it is accepted");
        GraphTensor read = type switch
        {
            FloatType => new GraphTensor([.. dimensions], hasRaw ? Floats(name, raw) : [.. floats], null),
            Int32Type or Int64Type => new GraphTensor([.. dimensions], null, hasRaw ? Integers(name, raw, type == Int64Type) : [.. integers]),
            _ => new GraphTensor([.. dimensions], null, null), // refused by whoever computes with it
        };
        if (read is { Floats: null, Integers: null })
            return (name, read);
        return dimensions.Count <= MostDimensions && dimensions.TrueForAll(d => d >= 0) && Count(dimensions) == read.Count
            ? (name, read)
            : throw new InvalidDataException($"constant '{name}' holds {read.Count} values, its dimensions are [{string.Join(", ", dimensions)}]");
    }

    private static Int128 Count(List<long> dimensions)
    {
        Int128 count = 1;
        foreach (long dimension in dimensions)
            count = Int128.Min(count * dimension, long.MaxValue); // eight dimensions of 2^63 would not fit
        return count;
    }

    private static float[] Floats(string name, ReadOnlySpan<byte> raw)
    {
        float[] values = new float[Whole(name, raw, sizeof(float))];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(raw[(i * sizeof(float))..]);
        return values;
    }

    private static long[] Integers(string name, ReadOnlySpan<byte> raw, bool wide)
    {
        int width = wide ? sizeof(long) : sizeof(int);
        long[] values = new long[Whole(name, raw, width)];
        for (int i = 0; i < values.Length; i++)
            values[i] = wide ? BinaryPrimitives.ReadInt64LittleEndian(raw[(i * width)..]) : BinaryPrimitives.ReadInt32LittleEndian(raw[(i * width)..]);
        return values;
    }

    private static int Whole(string name, ReadOnlySpan<byte> raw, int width) =>
        raw.Length % width == 0 ? raw.Length / width : throw new InvalidDataException($"constant '{name}' holds {raw.Length} bytes, no whole number of values");
}
