using System.Runtime.InteropServices;

namespace InstantNet.Torch;

public static unsafe partial class torch
{
    /// <summary>A multi-dimensional array in libtorch, with its place in the gradient graph.</summary>
    /// <remarks>
    /// Freed by <see cref="Dispose"/>, by the scope it was made in, or by the finalizer. Not thread-safe for writing; several threads may
    /// read one tensor.
    /// </remarks>
    public partial class Tensor : IDisposable
    {
        private DisposeScope? _scope;

        private protected Tensor(nint tensor)
        {
            Handle = new TensorHandle(tensor);
            _scope = DisposeScope.Innermost;
            _scope?.Add(this);
        }

        internal TensorHandle Handle { get; }

        /// <summary>Tensors alive in the process, whoever holds them.</summary>
        public static long TotalCount => NativeTorch.it_live_tensors();

        /// <summary>Sizes.</summary>
        public long[] shape
        {
            get
            {
                long[] sizes = new long[NativeTorch.it_dim(Handle)];
                for (int i = 0; i < sizes.Length; i++)
                {
                    sizes[i] = NativeTorch.it_size(Handle, i);
                }

                return sizes;
            }
        }

        /// <summary>Element type.</summary>
        public ScalarType dtype => (ScalarType)NativeTorch.it_dtype(Handle);

        /// <summary>Whether gradients are collected here or flow through here.</summary>
        public bool requires_grad => NativeTorch.it_requires_grad(Handle) != 0;

        /// <summary>The gradient that backward left here, or null; shares its memory with later backward calls.</summary>
        public Tensor? grad
        {
            get
            {
                nint gradient = NativeTorch.it_grad(Handle);
                return gradient != 0 ? new Tensor(gradient) : TorchException.TakeError() is { } error ? throw error : null;
            }
        }

        /// <summary>Number of elements.</summary>
        public long numel() => NativeTorch.it_numel(Handle);

        /// <summary>Whether the elements lie in that order without gaps.</summary>
        public bool is_contiguous(memory_format format = memory_format.contiguous) => NativeTorch.it_is_contiguous(Handle, (sbyte)format) != 0;

        /// <summary>Starts or stops collecting gradients here; for leaves.</summary>
        public Tensor requires_grad_(bool value = true)
        {
            TorchException.ThrowIfFailed(NativeTorch.it_set_requires_grad(Handle, value ? 1 : 0));
            return this;
        }

        /// <summary>Adds this scalar's gradient to every leaf it depends on, and frees the graph.</summary>
        public void backward() => TorchException.ThrowIfFailed(NativeTorch.it_backward(Handle));

        /// <summary>The same from a tensor of any shape.</summary>
        /// <param name="grad_tensors">The one gradient of what follows, of this tensor's shape.</param>
        public void backward(IReadOnlyList<Tensor> grad_tensors)
        {
            ArgumentNullException.ThrowIfNull(grad_tensors);
            if (grad_tensors.Count != 1)
                throw new ArgumentException($"One tensor has one gradient, not {grad_tensors.Count}.", nameof(grad_tensors));
            TorchException.ThrowIfFailed(NativeTorch.it_backward_from(Handle, grad_tensors[0].Handle));
        }

        /// <summary>The memory of the elements, in row-major order; valid while the tensor lives.</summary>
        /// <exception cref="TorchException">The tensor is not contiguous.</exception>
        public Span<byte> bytes
        {
            get
            {
                void* first = NativeTorch.it_data(Handle);
                if (first == null && TorchException.TakeError() is { } error)
                    throw error;
                return new Span<byte>(first, checked((int)(numel() * SizeOf(dtype))));
            }
        }

        /// <summary>The elements in place, in row-major order; valid while the tensor lives.</summary>
        /// <exception cref="TorchException">The tensor is not contiguous.</exception>
        /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is not the element type.</exception>
        public Span<T> data<T>() where T : unmanaged
        {
            if (sizeof(T) != SizeOf(dtype) || typeof(T) == typeof(float) != (dtype == ScalarType.Float32))
                throw new InvalidOperationException($"A tensor of {dtype} cannot be read as {typeof(T).Name}.");
            return MemoryMarshal.Cast<byte, T>(bytes);
        }

        /// <summary>The one element of a float tensor.</summary>
        public float ToSingle() => Single<float>();

        /// <summary>The one element of an int64 tensor.</summary>
        public long ToInt64() => Single<long>();

        /// <summary>Hands the tensor to the scope around the innermost one.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            DisposeScope? outer = _scope?.Outer;
            DetachFromDisposeScope();
            _scope = outer;
            outer?.Add(this);
            return this;
        }

        /// <summary>Takes the tensor out of its scope: the caller frees it.</summary>
        public Tensor DetachFromDisposeScope()
        {
            _scope?.Remove(this);
            _scope = null;
            return this;
        }

        /// <summary>Frees the reference; the memory goes when the gradient graph holds none either.</summary>
        public void Dispose()
        {
            DetachFromDisposeScope();
            Handle.Dispose();
            GC.SuppressFinalize(this);
        }

        internal static Tensor Own(nint tensor)
        {
            if (tensor == 0)
                TorchException.Throw();
            return new Tensor(tensor);
        }

        internal void LeaveScope() => _scope = null;

        /// <summary>Gives the reference away; this tensor is empty afterwards.</summary>
        internal nint MoveHandle()
        {
            nint moved = Handle.DangerousGetHandle();
            DetachFromDisposeScope();
            Handle.SetHandleAsInvalid();
            return moved;
        }

        private static int SizeOf(ScalarType type) => type switch { ScalarType.Int64 => 8, ScalarType.Float32 => 4, _ => 1 };

        private T Single<T>() where T : unmanaged
        {
            Span<T> values = data<T>();
            return values.Length == 1 ? values[0] : throw new InvalidOperationException($"A tensor of {values.Length} elements is not a scalar.");
        }
    }
}
