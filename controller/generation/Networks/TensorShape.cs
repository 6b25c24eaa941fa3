using System.Globalization;

namespace InstantNet.Generation.Networks;

/// <summary>Shape of one image's tensor, without the batch.</summary>
/// <param name="Channels">Channels or features.</param>
/// <param name="Height">Rows; 1 for a vector.</param>
/// <param name="Width">Columns; 1 for a vector.</param>
public readonly record struct TensorShape(int Channels, int Height, int Width)
{
    /// <summary>Positions of one channel.</summary>
    public int Pixels => Height * Width;

    /// <summary>Values in the tensor.</summary>
    public int Count => Channels * Height * Width;

    /// <summary>
    /// True of images so small that networks keep their size at first, as is usual for CIFAR and MNIST: up to 64 rows and columns, of which the
    /// thirty-second part that is usual for photographs would leave two.
    /// </summary>
    public bool IsThumbnail => Math.Max(Height, Width) <= 64;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channels}x{Height}x{Width}");
}
