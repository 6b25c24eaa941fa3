namespace InstantNet.Torch;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        /// <summary>Element-wise sum, broadcast.</summary>
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        /// <summary>Element-wise difference, broadcast.</summary>
        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        /// <summary>Element-wise product, broadcast.</summary>
        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        /// <summary>Element-wise quotient, broadcast.</summary>
        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        /// <summary>Adds a number to every element.</summary>
        public static Tensor operator +(Tensor left, double right) => Own(NativeTorch.it_add_scalar(left.Handle, right));

        /// <summary>Multiplies every element by a number.</summary>
        public static Tensor operator *(Tensor left, double right) => left.mul(right);

        /// <summary>Element-wise sum, broadcast.</summary>
        public Tensor add(Tensor target) => Own(NativeTorch.it_add(Handle, target.Handle));

        /// <summary>Element-wise difference, broadcast.</summary>
        public Tensor sub(Tensor target) => Own(NativeTorch.it_sub(Handle, target.Handle));

        /// <summary>Element-wise product, broadcast.</summary>
        public Tensor mul(Tensor target) => Own(NativeTorch.it_mul(Handle, target.Handle));

        /// <summary>Multiplies every element by a number.</summary>
        public Tensor mul(double target) => Own(NativeTorch.it_mul_scalar(Handle, target));

        /// <summary>Element-wise quotient, broadcast.</summary>
        public Tensor div(Tensor target) => Own(NativeTorch.it_div(Handle, target.Handle));

        /// <summary>Element-wise, half to even; its gradient is zero.</summary>
        public Tensor round() => Own(NativeTorch.it_round(Handle));

        /// <summary>Element-wise, no lower and no higher than two bounds; the gradient passes between them, bounds included.</summary>
        public Tensor clamp(double min, double max) => Own(NativeTorch.it_clamp(Handle, min, max));

        /// <summary>Element-wise equality, as a Bool tensor.</summary>
        public Tensor eq(Tensor target) => Own(NativeTorch.it_eq(Handle, target.Handle));

        /// <summary>Sum of all elements.</summary>
        public Tensor sum() => Own(NativeTorch.it_sum(Handle));

        /// <summary>Mean of all elements.</summary>
        public Tensor mean() => Own(NativeTorch.it_mean(Handle));

        /// <summary>Mean over some dimensions, which vanish.</summary>
        public Tensor mean(long[] dimensions)
        {
            ArgumentNullException.ThrowIfNull(dimensions);
            fixed (long* dims = dimensions)
                return Own(NativeTorch.it_mean_dims(Handle, dims, dimensions.Length));
        }

        /// <summary>Largest element over some dimensions, which vanish or stay with size 1.</summary>
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false)
        {
            fixed (long* d = dims)
                return Own(NativeTorch.it_amax(Handle, d, dims.Length, keepdim ? 1 : 0));
        }

        /// <summary>Smallest element over some dimensions, which vanish or stay with size 1.</summary>
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false)
        {
            fixed (long* d = dims)
                return Own(NativeTorch.it_amin(Handle, d, dims.Length, keepdim ? 1 : 0));
        }

        /// <summary>Hyperbolic tangent.</summary>
        public Tensor tanh() => Own(NativeTorch.it_tanh(Handle));

        /// <summary>Absolute value.</summary>
        public Tensor abs() => Own(NativeTorch.it_abs(Handle));

        /// <summary>Index of the largest element along a dimension; the first among equals.</summary>
        public Tensor argmax(long dim) => Own(NativeTorch.it_argmax(Handle, dim));

        /// <summary>Exponentials along a dimension, divided by their sum.</summary>
        public Tensor softmax(long dim) => Own(NativeTorch.it_softmax(Handle, dim));

        /// <summary>The same elements in another shape; -1 stands for what is left.</summary>
        public Tensor reshape(params ReadOnlySpan<long> shape)
        {
            fixed (long* sizes = shape)
                return Own(NativeTorch.it_reshape(Handle, sizes, shape.Length));
        }

        /// <summary>A view with the dimensions in another order.</summary>
        public Tensor permute(params ReadOnlySpan<long> permutation)
        {
            fixed (long* order = permutation)
                return Own(NativeTorch.it_permute(Handle, order, permutation.Length));
        }

        /// <summary>A view of <paramref name="length"/> entries of a dimension, from <paramref name="start"/>.</summary>
        public Tensor narrow(long dim, long start, long length) => Own(NativeTorch.it_narrow(Handle, dim, start, length));

        /// <summary>Channels of equal groups, interleaved: channel i of group g becomes channel i · groups + g; [n, c, h, w], the memory format stays.</summary>
        /// <param name="groups">Divides c.</param>
        public Tensor channel_shuffle(long groups) => Own(NativeTorch.it_channel_shuffle(Handle, groups));

        /// <summary>The entries of a dimension that an int64 tensor names, copied.</summary>
        public Tensor index_select(long dim, Tensor index) => Own(NativeTorch.it_index_select(Handle, dim, index.Handle));

        /// <summary>The same memory outside the gradient graph.</summary>
        public Tensor detach() => Own(NativeTorch.it_detach(Handle));

        /// <summary>A copy, inside the gradient graph.</summary>
        public Tensor clone() => Own(NativeTorch.it_clone(Handle));

        /// <summary>A second reference to the same tensor, with a life of its own.</summary>
        public Tensor alias() => Own(NativeTorch.it_alias(Handle));

        /// <summary>The tensor itself if its elements lie in that order, else a copy that does.</summary>
        public Tensor contiguous(memory_format format = memory_format.contiguous) => Own(NativeTorch.it_contiguous(Handle, (sbyte)format));

        /// <summary>Converted to another element type.</summary>
        public Tensor to_type(ScalarType type) => Own(NativeTorch.it_to_type(Handle, (sbyte)type));

        /// <summary>Overwrites the elements.</summary>
        public Tensor copy_(Tensor source)
        {
            TorchException.ThrowIfFailed(NativeTorch.it_copy_(Handle, source.Handle));
            return this;
        }

        /// <summary>Sets every element to one value.</summary>
        public Tensor fill_(double value)
        {
            TorchException.ThrowIfFailed(NativeTorch.it_fill_(Handle, value));
            return this;
        }
    }
}
