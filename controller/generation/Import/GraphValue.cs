using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Import;

/// <summary>What a tensor of the file is in our network.</summary>
/// <param name="Maker">Layer that makes it; null for the image.</param>
/// <param name="Shape">For one image.</param>
/// <param name="IsFlat">Whether the file sees it as [batch, values].</param>
/// <param name="IsShared">Whether several nodes read it, so that none of them may become part of its maker.</param>
/// <param name="Affine">What the file did to the image so far, per channel; null for nothing and for all other tensors.</param>
internal sealed record GraphValue(DraftLayer? Maker, TensorShape Shape, bool IsFlat = false, bool IsShared = false, ImageAffine? Affine = null)
{
    /// <summary>Name of the tensor in our network.</summary>
    public string Name => Maker?.Spec.Name ?? NetSpec.InputName;

    /// <summary>Dimensions as the file sees them, with a batch of one.</summary>
    public long[] Dimensions => IsFlat ? [1, Shape.Count] : [1, Shape.Channels, Shape.Height, Shape.Width];

    /// <summary>Whether a layer may take the next node's factor and shift into itself.</summary>
    public bool CanTransform => Maker is { IsAffine: true } && !IsShared;
}

/// <summary>value = Factors[c] · pixel / 255 + Shifts[c].</summary>
/// <param name="Factors">[channels].</param>
/// <param name="Shifts">[channels].</param>
internal sealed record ImageAffine(double[] Factors, double[] Shifts)
{
    /// <summary>One step more.</summary>
    public ImageAffine Then(double[] factors, double[] shifts) =>
        new([.. Factors.Zip(factors, (f, g) => f * g)], [.. Shifts.Select((s, c) => (factors[c] * s) + shifts[c])]);

    /// <summary>Whether two do the same.</summary>
    public bool Matches(ImageAffine other) => Factors.AsSpan().SequenceEqual(other.Factors) && Shifts.AsSpan().SequenceEqual(other.Shifts);
}
