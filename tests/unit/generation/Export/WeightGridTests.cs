using InstantNet.Generation.Export;

namespace InstantNet.Tests.Unit.Generation.Export;

public class WeightGridTests
{
    [Theory]
    [InlineData(2, new short[] { 1, 0, 0, -1 })]      // 0.5 is a tie: to even
    [InlineData(4, new short[] { 7, 4, -2, -7 })]     // 3.5 and -1.75
    [InlineData(8, new short[] { 127, 64, -32, -127 })]
    [InlineData(16, new short[] { 32767, 16384, -8192, -32767 })]
    public void Codes_are_symmetric_and_round_half_to_even(int bits, short[] codes)
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
    public void Weights_that_are_not_finite_are_refused() =>
        Assert.Contains("diverged", Assert.Throws<ArgumentException>(() => WeightGrid.Quantize([1f, float.NaN], 1, 8)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    public void Bits_outside_2_to_16_are_refused(int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightGrid.Quantize([1f], 1, bits));
}
