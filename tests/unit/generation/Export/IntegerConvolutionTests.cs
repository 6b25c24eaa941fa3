using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

public class IntegerConvolutionTests
{
    private static readonly ConvSpec Layer = new("c", "x", 2, 1, 1, 1, 1, Relu: true);
    private static readonly ActivationQuantizer Input = new(0.01f, 0, 8);
    private static readonly ActivationQuantizer Output = new(0.02f, 0, 8);

    [Fact]
    public void Batch_norm_goes_into_scale_and_bias_and_leaves_the_codes_alone()
    {
        IntegerConvolution plain = Fold([1f, -0.5f], gamma: 1, beta: 0, mean: 0);
        IntegerConvolution scaled = Fold([1f, -0.5f], gamma: 3, beta: 0.6f, mean: 0.1f);

        Assert.Equal([127, -64], plain.Codes); // -63.5 rounds half to even
        Assert.Equal(plain.Codes, scaled.Codes);
        Assert.Equal(3 / 127f, scaled.Scales[0], 1e-7f);
        Assert.Equal((0.6 - 3 * 0.1) / (0.01 * 3 / 127), scaled.Biases[0], 0.51);
    }

    [Fact]
    public void A_negative_factor_flips_the_codes_and_keeps_the_scale_positive()
    {
        IntegerConvolution folded = Fold([1f, -0.5f], gamma: -2, beta: 0, mean: 0);

        Assert.Equal([-127, 64], folded.Codes);
        Assert.True(folded.Scales[0] > 0);
    }

    [Theory]
    [InlineData(2, new sbyte[] { 64, -64 }, 1 / 64f)]
    [InlineData(4, new sbyte[] { 112, -64 }, 1 / 112f)]
    [InlineData(8, new sbyte[] { 127, -76 }, 1 / 127f)]
    public void Narrow_codes_stand_in_the_top_bits(int bits, sbyte[] codes, float scale)
    {
        IntegerConvolution folded = Fold([1f, -0.6f], gamma: 1, beta: 0, mean: 0, bits);

        Assert.Equal(codes, folded.Codes);
        Assert.Equal(scale, folded.Scales[0], 1e-8f);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-30f)]
    [InlineData(1e-12f)]
    [InlineData(-1e-9f)]
    [InlineData(1e-6f)]
    public void A_channel_scaled_to_almost_nothing_keeps_its_bias(float gamma)
    {
        IntegerConvolution folded = Fold([1f, -0.5f], gamma, beta: 1.3f, mean: 0);

        double step = Input.Scale * folded.Scales[0];
        Assert.Equal(1.3, folded.Biases[0] * step, Output.Scale * 1e-4);
        Assert.InRange(checked(Math.Abs(folded.Biases[0]) + 2 * 127 * 255), 0, int.MaxValue); // no sum can overflow
        Assert.All(folded.Codes.Zip([1f, -0.5f]), p => Assert.Equal(gamma * p.Second, p.First * folded.Scales[0], Output.Scale * 1e-4));
    }

    [Theory]
    [InlineData(1e6f, 255)]
    [InlineData(-1e6f, 0)]
    public void A_shift_far_outside_the_range_saturates_instead_of_wrapping(float beta, int expected)
    {
        foreach (float gamma in (float[])[0, 1e-5f, 1])
        {
            IntegerConvolution folded = Fold([1f, -0.5f], gamma, beta, mean: 0);
            float step = Input.Scale * folded.Scales[0] / Output.Scale;
            foreach (int sum in (int[])[255 * folded.Codes.Min(), 0, 255 * folded.Codes.Max()])
                Assert.Equal(expected, Math.Clamp(MathF.Round(checked(folded.Biases[0] + sum) * step), 0, 255));
        }
    }

    [Fact]
    public void All_weights_zero_leaves_the_shift()
    {
        IntegerConvolution folded = Fold([0, 0], gamma: 1, beta: 0.5f, mean: 0);

        Assert.Equal([0, 0], folded.Codes);
        Assert.Equal(0.5, folded.Biases[0] * (double)Input.Scale * folded.Scales[0], 1e-6);
    }

    [Fact]
    public void A_filter_whose_sum_could_overflow_is_refused()
    {
        const int Taps = 16_579; // of the largest codes, 127 · 255 each: the first number beyond 2^29
        ConvSpec huge = new("huge", "x", Taps, 1, 1, 1, 1, Relu: true);
        float[] weights = [.. Enumerable.Repeat(1f, Taps)];

        Assert.Contains("'huge' sums 16579 products of 8-bit inputs that may reach 536910915", Assert.Throws<NotSupportedException>(() =>
            IntegerConvolution.Fold(huge, Trained(weights, 1, 0, 0), 8, Input, Output)).Message, StringComparison.Ordinal);
    }

    // As many as VGG's fc6, with weights as they are: most of them far from the largest.
    [Theory]
    [InlineData(1e9f, 255)]
    [InlineData(-1e9f, 0)]
    public void Of_many_weights_the_sum_that_they_can_reach_counts_and_a_bias_still_outweighs_it(float beta, int expected)
    {
        const int Taps = 25_088;
        ConvSpec wide = new("wide", "x", Taps, 1, 1, 1, 1, Relu: true);
        Random random = new(5);
        float[] weights = [.. Enumerable.Range(0, Taps).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];

        IntegerConvolution folded = IntegerConvolution.Fold(wide, Trained(weights, 1e-6f, beta, 0), 8, Input, Output);

        float step = Input.Scale * folded.Scales[0] / Output.Scale;
        foreach (int sign in (int[])[-1, 1])
        {
            int sum = folded.Codes.Sum(c => Math.Sign(c) == sign ? c * 255 : 0);
            Assert.Equal(expected, Math.Clamp(MathF.Round(checked(folded.Biases[0] + sum) * step), 0, 255));
        }
    }

    [Fact]
    public void Values_that_do_not_fit_the_layer_are_refused() =>
        Assert.Contains("needs 2 weights", Assert.Throws<ArgumentException>(() =>
            IntegerConvolution.Fold(Layer, Trained([1f], 1, 0, 0), 8, Input, Output)).Message, StringComparison.Ordinal);

    private static IntegerConvolution Fold(float[] weights, float gamma, float beta, float mean, int bits = 8) =>
        IntegerConvolution.Fold(Layer, Trained(weights, gamma, beta, mean), bits, Input, Output);

    private static TrainedConvolution Trained(float[] weights, float gamma, float beta, float mean) => new(weights, [gamma], [beta], [mean], [1f], 0);
}
