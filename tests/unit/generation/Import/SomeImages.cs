using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Import;

/// <summary>Images without meaning.</summary>
internal static class SomeImages
{
    /// <summary>Same arguments, same pixels; every label is 0.</summary>
    public static ImageSet Noise(TensorShape shape, int count, int seed = 4)
    {
        byte[] pixels = new byte[count * shape.Count];
        new Random(seed).NextBytes(pixels);
        return new ImageSet(shape, pixels, new byte[count]);
    }

    /// <summary>Dim, bright, striped across and striped along, on noise: classes 0 to 3 in random order.</summary>
    public static ImageSet Textures(TensorShape shape, int count)
    {
        Random random = new(8);
        byte[] pixels = new byte[count * shape.Count], labels = new byte[count];
        for (int i = 0; i < pixels.Length; i++)
        {
            int image = i / shape.Count, row = i % shape.Pixels / shape.Width, column = i % shape.Width;
            if (i % shape.Count == 0)
                labels[image] = (byte)random.Next(4);
            bool light = labels[image] switch { 0 => false, 1 => true, 2 => row % 4 < 2, _ => column % 4 < 2 };
            pixels[i] = (byte)(random.Next(120) + (light ? 120 : 0));
        }

        return new ImageSet(shape, pixels, labels);
    }
}
