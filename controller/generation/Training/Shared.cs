namespace InstantNet.Generation.Training;

/// <summary>Parameters that several replicas of a network read and that only the optimiser writes.</summary>
internal static class Shared
{
    /// <summary>A leaf on the memory of another, with a gradient of its own; the caller frees it.</summary>
    public static Parameter Leaf(Parameter original) => Own(original.detach());

    /// <summary>A parameter that starts as a tensor and takes its place; outside of every scope, the caller frees it.</summary>
    public static Parameter Own(Tensor start)
    {
        Parameter parameter = new(start);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
