using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public class ImageSetTests
{
    private static readonly ImageSet Three = new(new TensorShape(1, 1, 2), [0, 255, 51, 1, 2, 3], [0, 1, 2]);

    [Fact]
    public void Networks_read_pixels_as_zero_to_one()
    {
        float[] values = new float[4];

        Three.CopyAsFloat(0, values);

        Assert.Equal([0f, 1f, 0.2f, 1 / 255f], values);
    }

    [Fact]
    public void Take_keeps_images_with_their_labels_and_never_more_than_there_are()
    {
        Assert.Equal([0, 255, 51, 1], Three.Take(2).Pixels);
        Assert.Equal([0, 1], Three.Take(2).Labels);
        Assert.Equal(3, Three.Take(9).Count);
    }

    [Fact]
    public void Pixels_and_labels_of_different_counts_are_refused() =>
        Assert.Throws<ArgumentException>(() => new ImageSet(new TensorShape(1, 1, 2), [1, 2, 3], [0]));
}
