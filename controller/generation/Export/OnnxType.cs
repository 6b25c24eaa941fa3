namespace InstantNet.Generation.Export;

/// <summary>Element types of ONNX tensors that we write.</summary>
/// <remarks>Source: onnx.proto, TensorProto.DataType.</remarks>
internal enum OnnxType
{
    /// <summary>float.</summary>
    Float = 1,

    /// <summary>byte.</summary>
    Byte = 2,

    /// <summary>sbyte.</summary>
    SignedByte = 3,

    /// <summary>int.</summary>
    Integer = 6,

    /// <summary>long.</summary>
    LongInteger = 7,
}
