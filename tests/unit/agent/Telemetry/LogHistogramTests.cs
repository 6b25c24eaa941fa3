using InstantNet.Agent.Telemetry;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

public class LogHistogramTests
{
    private const double HalfBucket = 1.0 / 64;

    [Theory]
    [InlineData(1, 5.0)]
    [InlineData(2, 12.0)]
    [InlineData(3, 20.0)]
    public void Percentiles_are_within_half_a_bucket_of_the_exact_ones(int seed, double spread)
    {
        Random random = new(seed);
        LogHistogram histogram = new();
        List<long> exact = [];
        for (int i = 0; i < 5000; i++)
        {
            long value = (long)Math.Exp(random.NextDouble() * spread);
            exact.Add(value);
            histogram.Record(value);
        }

        exact.Sort();
        foreach (double share in (double[])[0.01, 0.5, 0.9, 0.95, 0.99, 1.0])
        {
            long right = exact[Math.Max(1, (int)Math.Ceiling(share * exact.Count)) - 1];
            Assert.InRange(histogram.Percentile(share), right * (1 - HalfBucket), right * (1 + HalfBucket));
        }

        Assert.Equal((5000, exact[^1]), (histogram.Count, histogram.Max));
    }

    [Fact]
    public void Every_number_falls_into_a_bucket_that_holds_it()
    {
        for (long value = 0; value < 1L << 40; value += 1 + value / 3)
        {
            LogHistogram histogram = new();
            histogram.Record(value);
            histogram.Record(1L << 39);
            Assert.InRange(histogram.Percentile(0.5), Math.Min(value, 1L << 39) * (1 - HalfBucket), value * (1 + HalfBucket));
        }
    }

    [Fact]
    public void Numbers_out_of_range_count_at_its_ends()
    {
        LogHistogram histogram = new();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);

        Assert.Equal((0.0, (1L << 40) - 1), (histogram.Percentile(0.5), histogram.Max));
    }

    [Fact]
    public void A_cleared_histogram_is_empty()
    {
        LogHistogram histogram = new();
        histogram.Record(7);
        histogram.Clear();

        Assert.Equal((0L, 0L, 0.0), (histogram.Count, histogram.Max, histogram.Percentile(0.5)));
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        LogHistogram histogram = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            histogram.Record(i);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
