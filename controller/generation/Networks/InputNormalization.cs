namespace InstantNet.Generation.Networks;

/// <summary>What some networks want done to an image before their first layer: (pixel / 255 - mean) · factor, channel by channel.</summary>
/// <param name="Means">Taken away, [channels].</param>
/// <param name="Factors">One over the standard deviation, [channels], positive.</param>
/// <remarks>
/// A step of its own and not part of the first convolution where that pads: what padding adds is a zero after this step, not before it.
/// </remarks>
public sealed record InputNormalization(IReadOnlyList<float> Means, IReadOnlyList<float> Factors);
