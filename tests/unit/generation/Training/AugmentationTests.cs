using InstantNet.Generation.Networks;
using InstantNet.Generation.Training;

namespace InstantNet.Tests.Unit.Generation.Training;

public class AugmentationTests
{
    private static readonly TensorShape Shape = new(2, 3, 3);
    private static readonly byte[] Pixels = [.. Enumerable.Range(1, 18).Select(i => (byte)(i * 10))];

    [Fact]
    public void Without_changes_pixels_are_divided_by_255()
    {
        float[] values = new float[18];

        new Augmentation().Apply(Pixels, Shape, new Random(1), values);

        Assert.Equal(Pixels.Select(p => p / 255f), values);
    }

    [Fact]
    public void Every_result_is_the_image_moved_or_mirrored_with_zeros_coming_in()
    {
        Augmentation augmentation = new(CropPadding: 1, Flip: true);
        Random random = new(1);
        HashSet<string> possible = [];
        for (int down = -1; down <= 1; down++)
        {
            for (int right = -1; right <= 1; right++)
            {
                possible.Add(Text(Moved(down, right, mirror: false)));
                possible.Add(Text(Moved(down, right, mirror: true)));
            }
        }

        HashSet<string> seen = [];
        float[] values = new float[18];
        for (int i = 0; i < 500; i++)
        {
            augmentation.Apply(Pixels, Shape, random, values);
            seen.Add(Text(values));
        }

        Assert.Equal(18, possible.Count);
        Assert.Equal(possible.Order(), seen.Order());
    }

    private static float[] Moved(int down, int right, bool mirror)
    {
        float[] values = new float[18];
        for (int c = 0; c < 2; c++)
        {
            for (int y = 0; y < 3; y++)
            {
                for (int x = 0; x < 3; x++)
                {
                    int row = y - down, column = (mirror ? 2 - x : x) - right;
                    values[c * 9 + y * 3 + x] = row is >= 0 and < 3 && column is >= 0 and < 3 ? Pixels[c * 9 + row * 3 + column] / 255f : 0;
                }
            }
        }

        return values;
    }

    private static string Text(float[] values) => string.Join(' ', values);
}
