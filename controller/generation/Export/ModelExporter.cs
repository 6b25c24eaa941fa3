using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>Writes any variant as the ONNX model that devices run: integer operators up to 8 bits, float ones above.</summary>
public static class ModelExporter
{
    /// <summary>The model file: input <see cref="ModelTensors.Input"/>, output <see cref="ModelTensors.Output"/>.</summary>
    /// <exception cref="ArgumentException">Values are missing, do not fit the network or are not finite.</exception>
    /// <exception cref="NotSupportedException">A network that an ONNX model of this kind cannot hold.</exception>
    public static byte[] Export(NetSpec net, TrainedVariant variant, ExportOptions options)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return variant.Precision.IsInteger
            ? IntegerModelExporter.Export(net, variant, options)
            : FloatModelExporter.Export(net, variant, options);
    }
}
