using static InstantNet.Torch.torch;

namespace InstantNet.Generation.Training;

/// <summary>Parameters that several replicas of a network read and that only the optimiser writes.</summary>
internal static class Shared
{
    /// <summary>A leaf on the memory of another, with a gradient of its own; the caller frees it.</summary>
    public static Tensor Leaf(Tensor original) => original.detach().DetachFromDisposeScope().requires_grad_();
}
