namespace InstantNet.Generation.Export;

/// <summary>A named setting of an ONNX node, ready to be written.</summary>
/// <remarks>Source: onnx.proto, AttributeProto: f = 2, i = 3, s = 4, ints = 8, type = 20 with FLOAT = 1, INT = 2, STRING = 3, INTS = 7.</remarks>
internal sealed class OnnxAttribute
{
    private OnnxAttribute(string name, int type) => Message = new ProtobufWriter().Text(1, name).Integer(20, type);

    /// <summary>The AttributeProto.</summary>
    public ProtobufWriter Message { get; }

    /// <summary>An integer.</summary>
    public static OnnxAttribute Of(string name, long value)
    {
        OnnxAttribute attribute = new(name, 2);
        attribute.Message.Integer(3, value);
        return attribute;
    }

    /// <summary>Text.</summary>
    public static OnnxAttribute Of(string name, string value)
    {
        OnnxAttribute attribute = new(name, 3);
        attribute.Message.Text(4, value);
        return attribute;
    }

    /// <summary>A list of integers.</summary>
    public static OnnxAttribute Of(string name, params ReadOnlySpan<long> values)
    {
        OnnxAttribute attribute = new(name, 7);
        foreach (long value in values)
            attribute.Message.Integer(8, value);
        return attribute;
    }
}
