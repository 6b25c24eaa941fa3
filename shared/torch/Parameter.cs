namespace InstantNet.Torch;

/// <summary>A tensor that an optimiser changes; a leaf of the gradient graph.</summary>
public sealed class Parameter : torch.Tensor
{
    /// <param name="data">What the parameter starts from; it becomes empty, the parameter takes its place.</param>
    /// <param name="requires_grad">Whether gradients are collected.</param>
    public Parameter(torch.Tensor data, bool requires_grad = true) : base(MoveFrom(data)) => requires_grad_(requires_grad);

    private static nint MoveFrom(torch.Tensor data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.MoveHandle();
    }
}
