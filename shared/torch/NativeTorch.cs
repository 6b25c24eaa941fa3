using System.Reflection;
using System.Runtime.InteropServices;

namespace InstantNet.Torch;

/// <summary>The shim's C functions, one to one; see <c>native/*.cpp</c>. Handles returned are null when the call failed.</summary>
internal static unsafe partial class NativeTorch
{
    private const string Library = "instantnet_torch";

    static NativeTorch() => NativeLibrary.SetDllImportResolver(typeof(NativeTorch).Assembly, Resolve);

    // Loaded by hand, because the runtime's own message lists every path it tried and not what is missing.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == Library ? ShimLoader.Load(AppContext.BaseDirectory, Path.GetDirectoryName(assembly.Location)) : 0;

    [LibraryImport(Library)] internal static partial int it_take_error(byte* buffer, int capacity);
    [LibraryImport(Library)] internal static partial void it_tensor_free(nint tensor);
    [LibraryImport(Library)] internal static partial long it_live_tensors();
    [LibraryImport(Library)] internal static partial void it_begin_recycling();
    [LibraryImport(Library)] internal static partial void it_end_recycling();
    [LibraryImport(Library)] internal static partial void it_pause_recycling();
    [LibraryImport(Library)] internal static partial void it_resume_recycling();
    [LibraryImport(Library)] internal static partial void it_use_baseline(int only);
    [LibraryImport(Library)] internal static partial int it_begin_profile();
    [LibraryImport(Library)] internal static partial int it_end_profile(long* sums);
    [LibraryImport(Library)] internal static partial int it_grad_enabled();
    [LibraryImport(Library)] internal static partial void it_set_grad_enabled(int value);
    [LibraryImport(Library)] internal static partial int it_num_threads();
    [LibraryImport(Library)] internal static partial int it_set_num_threads(int threads);
    [LibraryImport(Library)] internal static partial int it_manual_seed(long seed);
    [LibraryImport(Library)] internal static partial nint it_version();

    [LibraryImport(Library)] internal static partial nint it_from_data(void* data, long* sizes, int dims, sbyte dtype);
    [LibraryImport(Library)] internal static partial nint it_full(long* sizes, int dims, double value, sbyte dtype);
    [LibraryImport(Library)] internal static partial nint it_randn(long* sizes, int dims);
    [LibraryImport(Library)] internal static partial nint it_rand(long* sizes, int dims);

    [LibraryImport(Library)] internal static partial long it_dim(TensorHandle t);
    [LibraryImport(Library)] internal static partial long it_size(TensorHandle t, long dim);
    [LibraryImport(Library)] internal static partial long it_numel(TensorHandle t);
    [LibraryImport(Library)] internal static partial sbyte it_dtype(TensorHandle t);
    [LibraryImport(Library)] internal static partial int it_requires_grad(TensorHandle t);
    [LibraryImport(Library)] internal static partial int it_is_contiguous(TensorHandle t, sbyte format);
    [LibraryImport(Library)] internal static partial void* it_data(TensorHandle t);
    [LibraryImport(Library)] internal static partial int it_set_requires_grad(TensorHandle t, int value);
    [LibraryImport(Library)] internal static partial int it_backward(TensorHandle t);
    [LibraryImport(Library)] internal static partial int it_backward_from(TensorHandle t, TensorHandle gradient);
    [LibraryImport(Library)] internal static partial nint it_grad(TensorHandle t);

    [LibraryImport(Library)] internal static partial nint it_add(TensorHandle a, TensorHandle b);
    [LibraryImport(Library)] internal static partial nint it_sub(TensorHandle a, TensorHandle b);
    [LibraryImport(Library)] internal static partial nint it_mul(TensorHandle a, TensorHandle b);
    [LibraryImport(Library)] internal static partial nint it_div(TensorHandle a, TensorHandle b);
    [LibraryImport(Library)] internal static partial nint it_add_scalar(TensorHandle a, double b);
    [LibraryImport(Library)] internal static partial nint it_mul_scalar(TensorHandle a, double b);
    [LibraryImport(Library)] internal static partial nint it_relu(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_tanh(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_abs(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_round(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_clamp(TensorHandle a, double low, double high);
    [LibraryImport(Library)] internal static partial nint it_softmax(TensorHandle a, long dim);
    [LibraryImport(Library)] internal static partial nint it_eq(TensorHandle a, TensorHandle b);
    [LibraryImport(Library)] internal static partial nint it_sum(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_mean(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_mean_dims(TensorHandle a, long* dims, int count);
    [LibraryImport(Library)] internal static partial nint it_amax(TensorHandle a, long* dims, int count, int keepdim);
    [LibraryImport(Library)] internal static partial nint it_amin(TensorHandle a, long* dims, int count, int keepdim);
    [LibraryImport(Library)] internal static partial nint it_argmax(TensorHandle a, long dim);
    [LibraryImport(Library)] internal static partial nint it_reshape(TensorHandle a, long* sizes, int dims);
    [LibraryImport(Library)] internal static partial nint it_permute(TensorHandle a, long* order, int dims);
    [LibraryImport(Library)] internal static partial nint it_narrow(TensorHandle a, long dim, long start, long length);
    [LibraryImport(Library)] internal static partial nint it_index_select(TensorHandle a, long dim, TensorHandle index);
    [LibraryImport(Library)] internal static partial nint it_cat(nint* tensors, int count, long dim);
    [LibraryImport(Library)] internal static partial nint it_detach(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_clone(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_alias(TensorHandle a);
    [LibraryImport(Library)] internal static partial nint it_contiguous(TensorHandle a, sbyte format);
    [LibraryImport(Library)] internal static partial nint it_to_type(TensorHandle a, sbyte dtype);
    [LibraryImport(Library)] internal static partial int it_copy_(TensorHandle a, TensorHandle source);
    [LibraryImport(Library)] internal static partial int it_fill_(TensorHandle a, double value);

    [LibraryImport(Library)]
    internal static partial nint it_conv2d(TensorHandle input, TensorHandle weight, nint bias, long* strides, long* padding, long groups);

    [LibraryImport(Library)] internal static partial nint it_linear(TensorHandle input, TensorHandle weight, nint bias);

    [LibraryImport(Library)]
    internal static partial nint it_batch_norm(
        TensorHandle input, nint mean, nint variance, nint weight, nint bias, int training, double momentum, double eps);

    [LibraryImport(Library)] internal static partial nint it_max_pool2d(TensorHandle input, long kernel, long stride, long padding);
    [LibraryImport(Library)] internal static partial nint it_channel_shuffle(TensorHandle input, long groups);
    [LibraryImport(Library)] internal static partial nint it_cross_entropy(TensorHandle logits, TensorHandle labels);
    [LibraryImport(Library)] internal static partial nint it_mse_loss(TensorHandle a, TensorHandle b);

    [LibraryImport(Library)] internal static partial nint it_quantize_weights(TensorHandle weights, int bits);

    [LibraryImport(Library)]
    internal static partial nint it_round_to_steps(
        TensorHandle x, TensorHandle step, nint offset, double low, double high, int insideOnly, double damping);

    [LibraryImport(Library)]
    internal static partial nint it_quantize_activation(TensorHandle x, nint other, TensorHandle clip, int bits, int isSigned, double damping);

    [LibraryImport(Library)]
    internal static partial nint it_normalize_activate(
        TensorHandle x, TensorHandle gamma, TensorHandle beta, TensorHandle mean, TensorHandle variance, nint clip,
        int training, double momentum, double eps, int relu, int bits, int isSigned, double damping);

    [LibraryImport(Library)] internal static partial int it_best_clip(TensorHandle x, int bits, int isSigned, float* best);

    [LibraryImport(Library)]
    internal static partial int it_sgd_step(nint* parameters, nint* velocities, int count, float rate, float momentum, float weightDecay);

    [LibraryImport(Library)] internal static partial int it_zero_grad(nint* parameters, int count);
    [LibraryImport(Library)] internal static partial int it_clip_grad_norm(nint* parameters, int count, double limit, double* norm);
    [LibraryImport(Library)] internal static partial int it_gather_grad(nint* parameters, nint* replicas, int count);
}
