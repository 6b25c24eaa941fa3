namespace InstantNet.Generation.Networks;

/// <summary>What all networks of InstantNet's search space share: everything but what its layers compute.</summary>
/// <param name="StemChannels">Made by the 3x3 convolution that reads the image.</param>
/// <param name="StemStride">Of that convolution.</param>
/// <param name="Stages">In running order.</param>
/// <param name="HeaderChannels">Made by the 1x1 convolution before pooling.</param>
public sealed record SearchSpaceFrame(int StemChannels, int StemStride, IReadOnlyList<SearchSpaceFrame.Stage> Stages, int HeaderChannels)
{
    /// <summary>Most layers of a stage, most channels and largest stride that a description may ask for: more is a slip of the pen.</summary>
    internal const int MostLayers = 100, MostChannels = 1 << 14, MostStride = 4;

    /// <summary>Layers of one width.</summary>
    /// <param name="Layers">Searchable layers, at least 1.</param>
    /// <param name="Channels">Made by each of them.</param>
    /// <param name="Stride">Of the first; the others keep the image's size.</param>
    public readonly record struct Stage(int Layers, int Channels, int Stride);

    /// <summary>The paper's frame for CIFAR: 32x32 end as 4x4, and so do 28x28.</summary>
    /// <remarks>Source: the authors' code; 22 searchable layers.</remarks>
    public static SearchSpaceFrame Thumbnails { get; } = new(
        16, 1, [new(1, 16, 1), new(4, 24, 1), new(4, 32, 2), new(4, 64, 2), new(4, 112, 1), new(4, 184, 2), new(1, 352, 1)], 1504);

    /// <summary>The same widths with FBNet's strides, the stem's included: 224x224 end as 7x7.</summary>
    /// <remarks>Source: Wu et al., FBNet, CVPR 2019, table 1.</remarks>
    public static SearchSpaceFrame Photographs { get; } = new(
        16, 2, [new(1, 16, 1), new(4, 24, 2), new(4, 32, 2), new(4, 64, 2), new(4, 112, 1), new(4, 184, 2), new(1, 352, 1)], 1504);

    /// <summary>Searchable layers in all.</summary>
    public int Layers => Stages.Sum(s => s.Layers);

    /// <summary>The frame of the two that suits images of a shape.</summary>
    public static SearchSpaceFrame For(TensorShape image) => image.IsThumbnail ? Thumbnails : Photographs;
}
