using InstantNet.Generation.Export;

namespace InstantNet.Tests.Unit.Generation.Export;

public class WeightGridTests
{
    [Theory]
    [InlineData(2, new int[] { 1, 0, 0, -1 })]      // 0.5 is a tie: to even
    [InlineData(4, new int[] { 7, 4, -2, -7 })]     // 3.5 and -1.75
    [InlineData(8, new int[] { 127, 64, -32, -127 })]
    [InlineData(16, new int[] { 32767, 16384, -8192, -32767 })]
    [InlineData(22, new int[] { 2097151, 1048576, -524288, -2097151 })]
    public void Codes_are_symmetric_and_round_half_to_even(int bits, int[] codes)
    {
        float max = (1 << (bits - 1)) - 1; // a scale of exactly 1

        WeightGrid grid = WeightGrid.Quantize([max, max / 2, -max / 4, -max], 1, bits);

        Assert.Equal(codes, grid.Codes);
        Assert.Equal([1f], grid.Scales);
    }

    [Fact]
    public void Each_output_channel_has_its_own_scale_and_a_channel_of_zeros_stays_zero()
    {
        WeightGrid grid = WeightGrid.Quantize([1f, -1f, 0f, 0f, 0.1f, 0.2f], 3, 8);

        Assert.Equal([127, -127, 0, 0, 64, 127], grid.Codes);
        Assert.Equal([1 / 127f, 0f, 0.2f / 127], grid.Scales);
        Assert.Equal(0.2f, grid.Value(2, 5), 1e-7f);
    }

    [Fact]
    public void A_learned_step_holds_for_every_channel_and_ends_clip()
    {
        WeightGrid grid = WeightGrid.Quantize([0.3f, -9f, 0.1f, 0.25f], 2, 2, step: 0.2f);

        Assert.Equal([1, -1, 0, 1], grid.Codes);
        Assert.Equal([0.2f, 0.2f], grid.Scales);
        Assert.Throws<ArgumentException>(() => WeightGrid.Quantize([1f], 1, 8, step: 0));
    }

    [Fact]
    public void Weights_that_are_not_finite_are_refused() =>
        Assert.Contains("diverged", Assert.Throws<ArgumentException>(() => WeightGrid.Quantize([1f, float.NaN], 1, 8)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(23)]
    public void Bits_outside_2_to_22_are_refused(int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightGrid.Quantize([1f], 1, bits));
}
