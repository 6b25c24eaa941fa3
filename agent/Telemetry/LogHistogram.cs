using System.Numerics;

namespace InstantNet.Agent.Telemetry;

/// <summary>Distribution of whole numbers in buckets that grow with the value: fixed memory, no allocation, percentiles within 1.6 %.</summary>
/// <remarks>One writer; readers on other threads see a distribution of about that moment. 32 buckets per power of two, as in HdrHistogram.</remarks>
internal sealed class LogHistogram
{
    private const int SubBucketBits = 5;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int MaxBits = 40;
    private const long MaxValue = (1L << MaxBits) - 1;
    private readonly long[] _counts = new long[(MaxBits - SubBucketBits + 1) * SubBuckets];
    private long _count;
    private long _max;

    /// <summary>Numbers recorded.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Largest number recorded, exact; 0 before the first.</summary>
    public long Max => Volatile.Read(ref _max);

    /// <summary>Adds a number; below 0 counts as 0, above 2^40 - 1 as that.</summary>
    public void Record(long value)
    {
        value = Math.Clamp(value, 0, MaxValue);
        _counts[BucketOf(value)]++;
        if (value > _max)
            Volatile.Write(ref _max, value);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>The number that this share of all numbers does not exceed (nearest rank), within half a bucket; 0 when empty.</summary>
    /// <param name="share">0..1, for example 0.95.</param>
    public double Percentile(double share)
    {
        long count = Count;
        if (count == 0)
            return 0;
        long rank = Math.Max(1, (long)Math.Ceiling(share * count));
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            rank -= _counts[bucket];
            if (rank <= 0)
                return Math.Min(MiddleOf(bucket), Max);
        }

        return Max;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (_count, _max) = (0, 0);
    }

    // Up to 2 * SubBuckets a bucket holds one number; then each power of two is cut in SubBuckets equal parts.
    private static int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(value >> shift);
    }

    private static double MiddleOf(int bucket)
    {
        int shift = Math.Max(0, (bucket >> SubBucketBits) - 1);
        long first = (long)(bucket - (shift << SubBucketBits)) << shift;
        return first + ((1L << shift) - 1) / 2.0;
    }
}
