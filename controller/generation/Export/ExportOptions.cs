namespace InstantNet.Generation.Export;

/// <summary>How a model file is laid out; it computes the same either way.</summary>
/// <param name="Batch">Images of one run, at least 1. Files for devices have 1; a larger one evaluates faster.</param>
/// <param name="ExposeTensors">Also output every inner tensor, under <see cref="ModelTensors.Exposed"/>: for checks, not for devices.</param>
public sealed record ExportOptions(int Batch = 1, bool ExposeTensors = false)
{
    /// <summary>What devices run.</summary>
    public static ExportOptions Device { get; } = new();
}
