using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts;

namespace InstantNet.Tests.Unit.Agent.PrecisionControl;

public class VariantDominanceTests
{
    [Fact]
    public void A_variant_that_is_less_accurate_and_no_cheaper_is_not_offered() =>
        Assert.Equal([1, 2], VariantDominance.Offered([Cost(4, 0.80, 1.0, 2.0), Cost(8, 0.88, 1.0, 2.0), Cost(32, 0.90, 3.0, 6.0)], noise: 0));

    [Fact]
    public void Each_advantage_keeps_a_variant() => Assert.Equal(
        [0, 1, 2],
        VariantDominance.Offered([Cost(4, 0.80, 9.0, 1.0), Cost(8, 0.85, 1.0, 9.0), Cost(32, 0.90, 9.0, 9.0)], noise: 0));

    [Fact]
    public void Two_equal_variants_are_both_offered() =>
        Assert.Equal([0, 1], VariantDominance.Offered([Cost(4, 0.9, 1, 1), Cost(8, 0.9, 1, 1)], noise: 0));

    [Fact]
    public void A_difference_within_the_noise_of_timing_saves_no_variant()
    {
        VariantCost[] sameKernels = [Cost(4, 0.80, 0.97, 1.95), Cost(8, 0.88, 1.0, 2.0)];

        Assert.Equal([0, 1], VariantDominance.Offered(sameKernels, noise: 0));
        Assert.Equal([1], VariantDominance.Offered(sameKernels, noise: 0.1));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Something_is_always_offered_and_the_most_accurate_is_only_beaten_by_its_equal(double noise)
    {
        Random random = new(7);
        for (int round = 0; round < 2000; round++)
        {
            VariantCost[] variants = [.. Enumerable.Range(2, 6).Select(b => Cost(b, random.Next(3), 1 + random.NextDouble(), 1 + random.NextDouble()))];

            int[] offered = VariantDominance.Offered(variants, noise);

            Assert.Equal(variants.Max(v => v.Accuracy), offered.Max(i => variants[i].Accuracy));
            Assert.All(offered, i => Assert.DoesNotContain(
                offered, j => noise == 0 && VariantDominance.Dominates(variants[j], variants[i], noise)));
        }
    }

    private static VariantCost Cost(int bits, double accuracy, double ms, double mj) => new(new Precision(bits), accuracy, ms, mj);
}
