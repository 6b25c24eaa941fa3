using System.Runtime.InteropServices;

namespace InstantNet.Torch;

/// <summary>Reads and writes tensors in place, whichever binding made them.</summary>
public static class TensorContents
{
    /// <summary>The elements in place, in row-major order; valid while the tensor lives, and in the CPU's memory.</summary>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type: float, or long for indices.</exception>
    public static Span<T> Elements<T>(this Tensor tensor) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ScalarType wanted = typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Int64;
        if (tensor.dtype != wanted || (wanted == ScalarType.Int64 && typeof(T) != typeof(long)))
            throw new InvalidOperationException($"A tensor of {tensor.dtype} cannot be read as {typeof(T).Name}.");
        return MemoryMarshal.Cast<byte, T>(tensor.bytes);
    }

    /// <summary>The gradient that backward left here, or null; shares its memory with later backward calls.</summary>
    public static Tensor? Gradient(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
#if TORCHSHARP_BEFORE_0_102_5
        return tensor.grad();
#else
        return tensor.grad;
#endif
    }
}
