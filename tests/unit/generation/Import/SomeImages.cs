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
}
