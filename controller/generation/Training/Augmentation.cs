using InstantNet.Generation.Networks;

namespace InstantNet.Generation.Training;

/// <summary>Random changes to training images that leave their class as it is.</summary>
/// <param name="CropPadding">The image moves by up to this many pixels in each direction, zeros come in; 0 for none.</param>
/// <param name="Flip">Mirror every second image left to right.</param>
/// <remarks>Source: He et al., ResNet, CVPR 2016, section 4.2.</remarks>
public readonly record struct Augmentation(int CropPadding, bool Flip)
{
    private const float PixelMax = 255;

    /// <summary>Writes one image, scaled to 0..1.</summary>
    /// <param name="pixels">[channels, height, width].</param>
    /// <param name="shape">Of the image.</param>
    /// <param name="random">Where the changes come from; untouched when there are none.</param>
    /// <param name="destination">As many floats.</param>
    public void Apply(ReadOnlySpan<byte> pixels, TensorShape shape, Random random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(random);
        int down = CropPadding > 0 ? random.Next(-CropPadding, CropPadding + 1) : 0;
        int right = CropPadding > 0 ? random.Next(-CropPadding, CropPadding + 1) : 0;
        bool mirror = Flip && random.Next(2) == 1;
        if (down == 0 && right == 0 && !mirror)
        {
            Scale(pixels, destination);
            return;
        }

        for (int row = 0; row < shape.Channels * shape.Height; row++)
        {
            int y = row % shape.Height - down;
            Span<float> to = destination.Slice(row * shape.Width, shape.Width);
            if (y < 0 || y >= shape.Height)
            {
                to.Clear();
                continue;
            }

            ReadOnlySpan<byte> from = pixels.Slice((row - down) * shape.Width, shape.Width);
            for (int x = 0; x < to.Length; x++)
            {
                int source = (mirror ? to.Length - 1 - x : x) - right;
                to[x] = (uint)source < (uint)from.Length ? from[source] / PixelMax : 0;
            }
        }
    }

    /// <summary>Writes pixels as 0..1: what the network reads, with no other normalisation.</summary>
    public static void Scale(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            destination[i] = pixels[i] / PixelMax;
        }
    }
}
