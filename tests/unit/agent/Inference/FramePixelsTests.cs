using InstantNet.Agent.Inference;

namespace InstantNet.Tests.Unit.Agent.Inference;

public class FramePixelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(784)]
    [InlineData(3072)]
    public void Every_value_is_exactly_the_pixel_divided_by_255(int length)
    {
        byte[] pixels = new byte[length];
        new Random(length).NextBytes(pixels);
        float[] values = new float[length];

        FramePixels.Scale(pixels, values);

        Assert.Equal(pixels.Select(p => p / 255f), values);
    }

    [Fact]
    public void A_frame_of_another_size_is_refused() => Assert.Throws<ArgumentException>(() => FramePixels.Scale(new byte[3], new float[4]));

    [Fact]
    public void Confidence_is_the_softmax_of_the_largest_score()
    {
        float[] logits = [1, 3, 3, -500];

        Assert.Equal(1, Logits.Top(logits));
        Assert.Equal(1 / (2 + Math.Exp(-2)), Logits.Confidence(logits, 1), 6);
        Assert.Equal(1, Logits.Confidence([1000, -1000], 0));
    }
}
