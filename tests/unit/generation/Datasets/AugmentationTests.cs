using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Datasets;

public class AugmentationTests
{
    private static readonly TensorShape Shape = new(2, 3, 3);
    private static readonly byte[] Pixels = [.. Enumerable.Range(1, 18).Select(i => (byte)(i * 10))];

    [Fact]
    public void Without_changes_pixels_are_divided_by_255()
    {
        float[] values = new float[18];

        default(Augmentation).Draw(seed: 1, epoch: 2, image: 3).Apply(Pixels, Shape, values);

        Assert.Equal(Pixels.Select(p => p / 255f), values);
    }

    [Fact]
    public void Every_result_is_the_image_moved_or_mirrored_with_zeros_coming_in()
    {
        Augmentation augmentation = new(CropPadding: 1, Flip: true);
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
        for (int image = 0; image < 500; image++)
        {
            Array.Fill(values, 77);
            augmentation.Draw(1, 0, image).Apply(Pixels, Shape, values);
            seen.Add(Text(values));
        }

        Assert.Equal(18, possible.Count);
        Assert.Equal(possible.Order(), seen.Order());
    }

    [Fact]
    public void An_image_that_moves_by_its_own_size_or_more_is_gone()
    {
        float[] values = [.. Enumerable.Repeat(7f, 18)];

        new ImageMove(0, 4, false).Apply(Pixels, Shape, values);

        Assert.All(values, v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_change_follows_from_seed_epoch_and_image_alone()
    {
        Augmentation augmentation = new(4, true);
        (int Seed, int Epoch, int Image)[] places = [.. from s in Enumerable.Range(0, 4) from e in Enumerable.Range(0, 4) from i in Enumerable.Range(0, 50) select (s, e, i)];

        ImageMove[] forwards = [.. places.Select(p => augmentation.Draw(p.Seed, p.Epoch, p.Image))];
        ImageMove[] backwards = [.. places.Reverse().Select(p => augmentation.Draw(p.Seed, p.Epoch, p.Image)).Reverse()];

        Assert.Equal(forwards, backwards);
        Assert.NotEqual(Of(0, 0), Of(0, 1));
        Assert.NotEqual(Of(0, 0), Of(1, 0));

        ImageMove[] Of(int seed, int epoch) => [.. Enumerable.Range(0, 50).Select(i => augmentation.Draw(seed, epoch, i))];
    }

    [Fact]
    public void Every_move_comes_equally_often()
    {
        Augmentation augmentation = new(4, true);

        ImageMove[] moves = [.. Enumerable.Range(0, 9 * 9 * 2 * 200).Select(i => augmentation.Draw(3, 7, i))];

        // 200 expected each; six standard deviations of a Poisson count are 85.
        Assert.Equal(9 * 9 * 2, moves.Distinct().Count());
        Assert.All(moves.CountBy(m => m), m => Assert.InRange(m.Value, 115, 285));
    }

    [Theory]
    [InlineData("none", 0, false)]
    [InlineData("crop=4", 4, false)]
    [InlineData("flip", 0, true)]
    [InlineData("crop=4,flip", 4, true)]
    public void Its_text_is_read_back(string text, int padding, bool flip)
    {
        Assert.Equal(new Augmentation(padding, flip), Augmentation.Parse(text));
        Assert.Equal(text, new Augmentation(padding, flip).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("crop")]
    [InlineData("crop=0")]
    [InlineData("crop=65")]
    [InlineData("crop=-1")]
    [InlineData("none,flip")]
    [InlineData("rotate")]
    public void Anything_else_is_refused_with_what_is_accepted(string text) =>
        Assert.Contains("crop=N (1 to 64 pixels)", Assert.Throws<ArgumentException>(() => Augmentation.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_crop_that_leaves_less_than_half_an_image_is_refused()
    {
        new Augmentation(14, false).RefuseTooFar(new TensorShape(1, 28, 28));

        Assert.Contains("up to 14", Assert.Throws<ArgumentException>(() => new Augmentation(15, false).RefuseTooFar(new TensorShape(1, 28, 28))).Message, StringComparison.Ordinal);
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
