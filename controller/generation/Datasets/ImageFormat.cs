using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Datasets;

/// <summary>What image files are turned into: squares of one size, grey or in colour.</summary>
public sealed record ImageFormat
{
    /// <summary>Smallest side: below it, nothing is left after a network's first strides.</summary>
    public const int MinSize = 8;

    /// <summary>Largest side; ImageNet's networks read 224.</summary>
    public const int MaxSize = 512;

    /// <summary>32x32 in colour, as CIFAR.</summary>
    public static ImageFormat Default { get; } = new(32, 3);

    /// <param name="size">Height and width, <see cref="MinSize"/> to <see cref="MaxSize"/> pixels.</param>
    /// <param name="channels">1 for grey (luma), 3 for red, green, blue.</param>
    /// <exception cref="ArgumentException">Outside these.</exception>
    public ImageFormat(int size, int channels)
    {
        if (size is < MinSize or > MaxSize)
            throw new ArgumentException($"An image size of {size} is not accepted: {MinSize} to {MaxSize} pixels are.");
        if (channels is not (1 or 3))
            throw new ArgumentException($"{channels} channels are not accepted: 1 (grey) or 3 (red, green, blue) are.");
        (Size, Channels) = (size, channels);
    }

    /// <summary>Height and width in pixels.</summary>
    public int Size { get; }

    /// <summary>1 or 3.</summary>
    public int Channels { get; }

    /// <summary>Shape of one image.</summary>
    public TensorShape Shape => new(Channels, Size, Size);
}
