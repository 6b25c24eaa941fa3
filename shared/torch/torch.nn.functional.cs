namespace InstantNet.Torch;

public static unsafe partial class torch
{
    /// <summary>Neural network operators.</summary>
    public static class nn
    {
        /// <summary>Work on lists of parameters.</summary>
        public static class utils
        {
            /// <summary>Shortens all gradients by one factor, so that their common Euclidean norm is at most <paramref name="max_norm"/>.</summary>
            /// <returns>The norm before; where it is not finite, nothing is changed.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm)
            {
                using HandleList handles = new([.. tensors]);
                double norm;
                fixed (nint* list = handles.Pointers)
                    TorchException.ThrowIfFailed(NativeTorch.it_clip_grad_norm(list, handles.Count, max_norm, &norm));
                return norm;
            }
        }

        /// <summary>Operators without state of their own.</summary>
        public static class functional
        {
            /// <summary>Two-dimensional convolution.</summary>
            /// <param name="input">[n, c, h, w].</param>
            /// <param name="weight">[out, c / groups, kernel height, kernel width].</param>
            /// <param name="bias">[out], or null for none.</param>
            /// <param name="strides">Of height and width; null for 1.</param>
            /// <param name="padding">Zeros before and after height and width; null for none.</param>
            /// <param name="dilation">Only null is known here.</param>
            /// <param name="groups">Independent slices of the channels.</param>
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
            {
                if (dilation is not null)
                    throw new NotSupportedException("Convolutions are not dilated here.");
                using Borrowed b = new(bias);
                fixed (long* stride = strides ?? [1, 1])
                fixed (long* pad = padding ?? [0, 0])
                    return Tensor.Own(NativeTorch.it_conv2d(input.Handle, weight.Handle, b.Pointer, stride, pad, groups));
            }

            /// <summary>input · weightᵀ + bias.</summary>
            /// <param name="input">[n, features].</param>
            /// <param name="weights">[out, features].</param>
            /// <param name="bias">[out], or null for none.</param>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
            {
                using Borrowed b = new(bias);
                return Tensor.Own(NativeTorch.it_linear(input.Handle, weights.Handle, b.Pointer));
            }

            /// <summary>Normalises each channel, by the batch's statistics when training, else by the running ones.</summary>
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-5)
            {
                using Borrowed mean = new(running_mean), variance = new(running_var), w = new(weight), b = new(bias);
                return Tensor.Own(NativeTorch.it_batch_norm(
                    input.Handle, mean.Pointer, variance.Pointer, w.Pointer, b.Pointer, training ? 1 : 0, momentum, eps));
            }

            /// <summary>Largest value of each square window; what padding adds never wins, and windows that are not full are dropped.</summary>
            /// <param name="input">[n, c, h, w]; the result has its memory format.</param>
            /// <param name="kernel_size">Side of the window.</param>
            /// <param name="stride">Step of the window in both directions.</param>
            /// <param name="padding">Positions added on each side, at most half the kernel.</param>
            public static Tensor max_pool2d(Tensor input, long kernel_size, long stride, long padding = 0) =>
                Tensor.Own(NativeTorch.it_max_pool2d(input.Handle, kernel_size, stride, padding));

            /// <summary>max(0, x).</summary>
            public static Tensor relu(Tensor input) => Tensor.Own(NativeTorch.it_relu(input.Handle));

            /// <summary>Mean over the batch of -log softmax(input)[target].</summary>
            /// <param name="input">Raw scores, [n, classes].</param>
            /// <param name="target">Class indices, [n], int64.</param>
            public static Tensor cross_entropy(Tensor input, Tensor target) => Tensor.Own(NativeTorch.it_cross_entropy(input.Handle, target.Handle));

            /// <summary>Mean squared difference over all elements.</summary>
            public static Tensor mse_loss(Tensor input, Tensor target) => Tensor.Own(NativeTorch.it_mse_loss(input.Handle, target.Handle));
        }
    }
}
