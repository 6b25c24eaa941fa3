using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Export;

/// <summary>The activation quantisers of a variant, each checked once.</summary>
/// <param name="variant">Quantised: has a quantiser for the image and for every layer but the classifier.</param>
/// <param name="maxBits">Most bits that the file's kind of tensor can hold.</param>
internal sealed class ActivationLookup(TrainedVariant variant, int maxBits)
{
    /// <exception cref="ArgumentException">There is none, or it cannot be represented; the sentence names tensor and values.</exception>
    public ActivationQuantizer Of(string tensor)
    {
        if (!variant.Activations.TryGetValue(tensor, out ActivationQuantizer quantizer))
            throw new ArgumentException($"The {variant.Precision} variant has no quantiser for tensor '{tensor}'.");
        if (!(quantizer.Scale > 0) || !float.IsFinite(quantizer.Scale) || quantizer.Bits < 2 || quantizer.Bits > maxBits
            || quantizer.ZeroPoint < 0 || quantizer.ZeroPoint > quantizer.MaxCode)
        {
            throw new ArgumentException($"The quantiser of tensor '{tensor}' is not usable at {variant.Precision}: scale {quantizer.Scale}, "
                + $"zero point {quantizer.ZeroPoint}, {quantizer.Bits} bits (2 to {maxBits} are).");
        }

        return quantizer;
    }
}
