namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>How many different words of a tensor a layer uses. Pure.</summary>
internal static class DistinctWords
{
    /// <summary>Words that must be fetched (weights, inputs) or made (outputs) at least once.</summary>
    /// <remarks>Rows and columns that no window touches, and zeros around the image when the model does not fetch them, are left out.</remarks>
    public static long Of(CostModel model, Operand operand)
    {
        LoopBounds b = model.Workload.Bounds;
        if (operand != Operand.Inputs)
            return model.Workload.WordsOf(operand);
        int padding = (model.Effects & PhysicalEffects.ZeroPadding) != 0 ? model.Workload.Padding : 0;
        return b.N * (long)b.C * Touched(b.P, b.R, model.Workload.Stride, padding) * Touched(b.Q, b.S, model.Workload.Stride, padding);
    }

    private static long Touched(long outputs, long filter, long stride, long padding) =>
        Math.Max(1, ((outputs - 1) * Math.Min(stride, filter)) + filter - (2 * padding));
}
