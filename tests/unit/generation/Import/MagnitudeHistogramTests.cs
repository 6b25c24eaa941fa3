using InstantNet.Generation.Import;

namespace InstantNet.Tests.Unit.Generation.Import;

public class MagnitudeHistogramTests
{
    [Fact]
    public void Values_spread_evenly_are_not_cut_off()
    {
        MagnitudeHistogram histogram = new();
        histogram.Add([.. Enumerable.Range(1, 1500).Select(i => i / 1500f)]);

        Assert.InRange(histogram.BestClip(15), 0.94, 1);
    }

    [Fact]
    public void One_outlier_among_many_values_is_cut_off_at_few_levels_and_kept_at_many()
    {
        MagnitudeHistogram histogram = new();
        histogram.Add([.. Enumerable.Range(1, 20000).Select(i => i / 20000f), -8f]);

        Assert.InRange(histogram.BestClip(7), 0.9, 4);
        Assert.InRange(histogram.BestClip(2047), 8, 16);
    }

    [Fact]
    public void The_order_of_growing_ranges_does_not_matter()
    {
        float[] values = [0.001f, 5, 0.3f, 70, -2];
        MagnitudeHistogram rising = new(), falling = new();
        rising.Add([.. values.OrderBy(MathF.Abs)]);
        falling.Add([.. values.OrderByDescending(MathF.Abs)]);

        Assert.Equal(70, rising.Largest);
        Assert.Equal(falling.BestClip(255), rising.BestClip(255), 0.5);
    }

    [Fact]
    public void Nothing_but_zeros_has_a_grid_too()
    {
        MagnitudeHistogram histogram = new();
        histogram.Add([0, 0]);

        Assert.Equal(1, histogram.BestClip(15));
    }
}
