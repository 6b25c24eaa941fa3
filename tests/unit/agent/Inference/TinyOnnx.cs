using System.Runtime.InteropServices;
using System.Text;

namespace InstantNet.Tests.Unit.Agent.Inference;

/// <summary>The smallest classifier ONNX Runtime runs: Flatten, then Gemm. Written as protobuf by hand (onnx.proto3: field numbers in comments).</summary>
internal static class TinyOnnx
{
    private const int Float = 1, IrVersion = 8, Opset = 13, IntAttribute = 2;

    /// <param name="shape">Input [1, c, h, w], named x.</param>
    /// <param name="weights">[classes, c·h·w], row-major.</param>
    /// <param name="bias">[classes]; the output [1, classes] is named y.</param>
    /// <param name="ballast">Columns of a matrix of zeros that every frame is multiplied by, for a model that weighs something; 0 for none.</param>
    public static byte[] Write(int[] shape, float[] weights, float[] bias, int ballast = 0)
    {
        int values = shape.Aggregate(1, (a, b) => a * b);
        byte[] flatten = [.. Text(1, "x"), .. Text(2, "flat"), .. Text(4, "Flatten")]; // NodeProto: input, output, op_type
        byte[] transposed = [.. Text(1, "transB"), .. Number(3, 1), .. Number(20, IntAttribute)]; // AttributeProto: name, i, type
        byte[] gemm = [.. Text(1, "flat"), .. Text(1, "w"), .. Text(1, "b"), .. Text(2, ballast == 0 ? "y" : "light"), .. Text(4, "Gemm"), .. Field(5, transposed)];
        byte[] graph =
        [
            .. Field(1, flatten), .. Field(1, gemm), .. ballast == 0 ? [] : Ballast(values, ballast), .. Text(2, "tiny"),
            .. Field(5, Tensor("w", [bias.Length, values], weights)), .. Field(5, Tensor("b", [bias.Length], bias)),
            .. Field(11, Value("x", [1, .. shape])), .. Field(12, Value("y", [1, bias.Length])),
        ];
        return [.. Number(1, IrVersion), .. Field(7, graph), .. Field(8, [.. Text(1, ""), .. Number(2, Opset)])]; // ModelProto
    }

    private static byte[] Ballast(int values, int columns)
    {
        byte[] product = [.. Text(1, "flat"), .. Text(1, "zeros"), .. Text(2, "product"), .. Text(4, "MatMul")];
        byte[] sum = [.. Text(1, "product"), .. Text(2, "nothing"), .. Text(4, "ReduceSum")];
        byte[] add = [.. Text(1, "light"), .. Text(1, "nothing"), .. Text(2, "y"), .. Text(4, "Add")];
        return [.. Field(1, product), .. Field(1, sum), .. Field(1, add), .. Field(5, Tensor("zeros", [values, columns], new float[values * columns]))];
    }

    private static byte[] Tensor(string name, int[] dims, float[] data) => // TensorProto: dims, data_type, name, raw_data
        [.. dims.SelectMany(d => Number(1, d)), .. Number(2, Float), .. Text(8, name), .. Field(9, MemoryMarshal.AsBytes<float>(data).ToArray())];

    private static byte[] Value(string name, int[] dims) // ValueInfoProto: name, type { tensor_type { elem_type, shape { dim { dim_value } } } }
    {
        byte[] shape = [.. dims.SelectMany(d => Field(1, Number(1, d)))];
        return [.. Text(1, name), .. Field(2, Field(1, [.. Number(1, Float), .. Field(2, shape)]))];
    }

    private static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int field, byte[] content) => [.. Varint((ulong)field << 3 | 2), .. Varint((ulong)content.Length), .. content];

    private static byte[] Number(int field, int value) => [.. Varint((ulong)field << 3), .. Varint((ulong)value)];

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
