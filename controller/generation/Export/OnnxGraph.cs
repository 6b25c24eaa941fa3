using System.Runtime.InteropServices;

namespace InstantNet.Generation.Export;

/// <summary>Builds an ONNX model of one graph. Nodes run in the order added. Not thread-safe.</summary>
/// <remarks>Source: onnx.proto of ONNX 1.17 (IR version 10, operator set 21); field numbers below are its own.</remarks>
internal sealed class OnnxGraph(string name)
{
    /// <summary>Domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    private const int IrVersion = 10;
    private const int OperatorSet = 21;
    private readonly ProtobufWriter _graph = new ProtobufWriter().Text(2, name);
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);

    /// <summary>Adds a node with one output.</summary>
    /// <returns><paramref name="output"/>.</returns>
    public string Node(string operation, string[] inputs, string output, string domain = "", params ReadOnlySpan<OnnxAttribute> attributes)
    {
        ProtobufWriter node = new();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(3, output).Text(4, operation);
        foreach (OnnxAttribute attribute in attributes)
            node.Message(5, attribute.Message);
        if (domain.Length > 0)
            node.Text(7, domain);
        _graph.Message(1, node);
        return output;
    }

    /// <summary>Adds a constant tensor; a second one of the same name is the first one.</summary>
    /// <param name="tensor">Its name.</param>
    /// <param name="values">Row-major; float, byte, sbyte, int or long.</param>
    /// <param name="dimensions">None for a scalar.</param>
    /// <returns><paramref name="tensor"/>.</returns>
    public string Constant<T>(string tensor, T[] values, params ReadOnlySpan<long> dimensions)
        where T : unmanaged
    {
        if (!_constants.Add(tensor))
            return tensor;
        ProtobufWriter proto = new();
        foreach (long dimension in dimensions)
            proto.Integer(1, dimension);
        _graph.Message(5, proto.Integer(2, (int)TypeOf<T>()).Text(8, tensor).Bytes(9, MemoryMarshal.AsBytes<T>(values)));
        return tensor;
    }

    /// <summary>Adds a constant of no dimensions.</summary>
    public string Scalar<T>(string tensor, T value)
        where T : unmanaged => Constant(tensor, [value]);

    /// <summary>Declares what the caller feeds.</summary>
    public void Input(string tensor, OnnxType type, params ReadOnlySpan<long> dimensions) =>
        _graph.Message(11, ValueInfo(tensor, type, dimensions));

    /// <summary>Declares what the caller gets.</summary>
    public void Output(string tensor, OnnxType type, params ReadOnlySpan<long> dimensions) =>
        _graph.Message(12, ValueInfo(tensor, type, dimensions));

    /// <summary>The whole file.</summary>
    public byte[] ToModel() => new ProtobufWriter()
        .Integer(1, IrVersion)
        .Text(2, "InstantNet")
        .Message(7, _graph)
        .Message(8, new ProtobufWriter().Text(1, "").Integer(2, OperatorSet))
        .Message(8, new ProtobufWriter().Text(1, Microsoft).Integer(2, 1))
        .ToArray();

    private static ProtobufWriter ValueInfo(string tensor, OnnxType type, ReadOnlySpan<long> dimensions)
    {
        ProtobufWriter shape = new();
        foreach (long dimension in dimensions)
            shape.Message(1, new ProtobufWriter().Integer(1, dimension));
        ProtobufWriter tensorType = new ProtobufWriter().Integer(1, (int)type).Message(2, shape);
        return new ProtobufWriter().Text(1, tensor).Message(2, new ProtobufWriter().Message(1, tensorType));
    }

    private static OnnxType TypeOf<T>() => default(T) switch
    {
        float => OnnxType.Float,
        byte => OnnxType.Byte,
        sbyte => OnnxType.SignedByte,
        int => OnnxType.Integer,
        long => OnnxType.LongInteger,
        _ => throw new NotSupportedException($"ONNX tensors of {typeof(T).Name} are not written here."),
    };
}
