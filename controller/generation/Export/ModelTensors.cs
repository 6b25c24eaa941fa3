using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>Names of the tensors of an exported model.</summary>
public static class ModelTensors
{
    /// <summary>float32 [batch, channels, height, width], pixel / 255, 0..1.</summary>
    public const string Input = NetSpec.InputName;

    /// <summary>float32 [batch, classes], before any softmax.</summary>
    public const string Output = "logits";

    /// <summary>
    /// A network's tensor inside the model, image included: uint8 codes in integer models, float32 values in float models. The suffix cannot
    /// occur in a layer's name, so no name collides with another.
    /// </summary>
    public static string Exposed(string tensor) => tensor + "/out";

    /// <summary>Something that belongs to a tensor or a layer: a weight, a scale, an intermediate.</summary>
    internal static string PartOf(string tensor, string part) => $"{tensor}/{part}";
}
