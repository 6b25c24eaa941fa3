using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>A float ONNX network as one of ours.</summary>
/// <param name="Net">Its layers; batch norms are folded into weights and biases.</param>
/// <param name="Variant">Its values, at 32 bits.</param>
/// <param name="Source">How the file itself is run.</param>
public sealed record ImportedNetwork(NetSpec Net, TrainedVariant Variant, SourceModel Source)
{
    /// <summary>Whether its last layer only hands on the features that the file ends in, each as a class of its own.</summary>
    public bool EndsInFeatures { get; init; }
}

/// <summary>How the file that was imported is run, to compare with it.</summary>
/// <param name="Input">Name of its input tensor.</param>
/// <param name="Output">Name of its output tensor.</param>
/// <param name="Batch">Images of one run; 1 where the file leaves it open.</param>
/// <param name="Ending">Softmax or LogSoftmax where it ends with one, which our networks leave out; null without.</param>
/// <param name="Normalization">What the caller does to an image before the file reads it; null for nothing.</param>
public sealed record SourceModel(string Input, string Output, int Batch, string? Ending, InputNormalization? Normalization);
