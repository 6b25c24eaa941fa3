namespace InstantNet.Torch;

/// <summary>libtorch with TorchSharp's names: making tensors and the switches of the process.</summary>
/// <remarks>Every function may throw <see cref="TorchException"/>. Results belong to the innermost <see cref="DisposeScope"/>, if one is open.</remarks>
public static unsafe partial class torch
{
    /// <summary>Element types, with libtorch's numbers.</summary>
    public enum ScalarType : sbyte
    {
        /// <summary>Unsigned 8 bits.</summary>
        Byte = 0,

        /// <summary>Signed 64 bits: indices and labels.</summary>
        Int64 = 4,

        /// <summary>Single precision: everything that is computed.</summary>
        Float32 = 6,

        /// <summary>Truth values, one byte each.</summary>
        Bool = 11,
    }

    /// <summary>How the elements of a tensor follow each other in memory.</summary>
    public enum memory_format : sbyte
    {
        /// <summary>Row-major in the order of the dimensions.</summary>
        contiguous = 0,

        /// <summary>[n, c, h, w] stored as [n, h, w, c]: several times faster for convolutions on a CPU.</summary>
        channels_last = 2,
    }

    /// <summary>Copies values into a new tensor.</summary>
    /// <param name="data">In row-major order; the product of the dimensions in number.</param>
    /// <param name="dimensions">Sizes.</param>
    public static Tensor tensor(ReadOnlySpan<float> data, params ReadOnlySpan<long> dimensions) => FromData(data, ScalarType.Float32, dimensions);

    /// <inheritdoc cref="tensor(ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public static Tensor tensor(ReadOnlySpan<long> data, params ReadOnlySpan<long> dimensions) => FromData(data, ScalarType.Int64, dimensions);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor zeros(params ReadOnlySpan<long> size) => full(size, 0);

    /// <summary>A tensor of ones.</summary>
    public static Tensor ones(params ReadOnlySpan<long> size) => full(size, 1);

    /// <summary>A float tensor filled with one value.</summary>
    public static Tensor full(ReadOnlySpan<long> size, double value)
    {
        fixed (long* sizes = size)
            return Tensor.Own(NativeTorch.it_full(sizes, size.Length, value, (sbyte)ScalarType.Float32));
    }

    /// <summary>Normal deviates from the process-wide generator.</summary>
    public static Tensor randn(params ReadOnlySpan<long> size)
    {
        fixed (long* sizes = size)
            return Tensor.Own(NativeTorch.it_randn(sizes, size.Length));
    }

    /// <summary>Uniform deviates in [0, 1) from the process-wide generator.</summary>
    public static Tensor rand(params ReadOnlySpan<long> size)
    {
        fixed (long* sizes = size)
            return Tensor.Own(NativeTorch.it_rand(sizes, size.Length));
    }

    /// <summary>Joins tensors along a dimension.</summary>
    public static Tensor cat(IReadOnlyList<Tensor> tensors, long dim = 0)
    {
        using HandleList handles = new(tensors);
        fixed (nint* list = handles.Pointers)
            return Tensor.Own(NativeTorch.it_cat(list, handles.Count, dim));
    }

    /// <summary>Version of libtorch, such as "1.13.1".</summary>
    public static string __version__ => System.Runtime.InteropServices.Marshal.PtrToStringUTF8(NativeTorch.it_version()) ?? "";

    /// <summary>Seeds libtorch's generator.</summary>
    public static void manual_seed(long seed) => TorchException.ThrowIfFailed(NativeTorch.it_manual_seed(seed));

    /// <summary>Threads that one operator may use when called from this thread.</summary>
    public static int get_num_threads() => NativeTorch.it_num_threads();

    /// <summary>Sets <see cref="get_num_threads"/>. OpenMP keeps the number per calling thread.</summary>
    public static void set_num_threads(int num) => TorchException.ThrowIfFailed(NativeTorch.it_set_num_threads(num));

    /// <summary>Whether operators on this thread record what backward needs.</summary>
    public static bool is_grad_enabled() => NativeTorch.it_grad_enabled() != 0;

    /// <summary>Stops recording on this thread until the result is disposed.</summary>
    public static IDisposable no_grad() => new GradMode(enabled: false);

    /// <summary>Opens a scope that frees the tensors made in it.</summary>
    public static DisposeScope NewDisposeScope() => new();

    private static Tensor FromData<T>(ReadOnlySpan<T> data, ScalarType type, ReadOnlySpan<long> dimensions) where T : unmanaged
    {
        long count = 1;
        foreach (long size in dimensions)
        {
            count *= size;
        }

        if (count != data.Length)
            throw new ArgumentException($"{data.Length} values do not fill a tensor of {count} ([{string.Join(", ", dimensions.ToArray())}]).", nameof(data));
        fixed (T* values = data)
        fixed (long* sizes = dimensions)
            return Tensor.Own(NativeTorch.it_from_data(values, sizes, dimensions.Length, (sbyte)type));
    }

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = is_grad_enabled();

        public GradMode(bool enabled) => NativeTorch.it_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => NativeTorch.it_set_grad_enabled(_before ? 1 : 0);
    }
}
