namespace InstantNet.Generation.Training.Quantizers;

/// <summary>How what a quantiser computes in training runs on a device.</summary>
/// <param name="Obstacle">Why an ONNX file cannot hold it exactly, a clause that follows "because"; null where one can.</param>
public sealed record Deployment(string? Obstacle)
{
    /// <summary>As an ONNX file: int8 codes up to 8 bits, above float on the same grid, and no code differs but by ties.</summary>
    public static Deployment Exact { get; } = new(Obstacle: null);

    /// <summary>True when it can be exported.</summary>
    public bool IsExact => Obstacle is null;
}
