namespace InstantNet.Torch;

/// <summary>Makes tensors of values in a span, which TorchSharp takes only as arrays.</summary>
public static class TensorFactory
{
    /// <summary>Copies values into a new tensor.</summary>
    /// <param name="data">In row-major order; the product of the dimensions in number.</param>
    /// <param name="dimensions">Sizes.</param>
    public static Tensor tensor(ReadOnlySpan<float> data, params ReadOnlySpan<long> dimensions) => Of(data, dimensions, ScalarType.Float32);

    /// <inheritdoc cref="tensor(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static Tensor tensor(ReadOnlySpan<long> data, params ReadOnlySpan<long> dimensions) => Of(data, dimensions, ScalarType.Int64);

    private static Tensor Of<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> dimensions, ScalarType type) where T : unmanaged
    {
        Tensor made = empty(dimensions, type);
        Span<T> elements = made.Elements<T>();
        if (elements.Length != data.Length)
            throw new ArgumentException($"{data.Length} values do not fill a tensor of {elements.Length} ([{string.Join(", ", dimensions.ToArray())}]).", nameof(data));
        data.CopyTo(elements);
        return made;
    }
}
