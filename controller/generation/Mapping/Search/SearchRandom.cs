using System.Numerics;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>Small fast random numbers for the search; the same seed gives the same sequence on every machine. One owner, one thread.</summary>
/// <remarks>Source: Steele, Lea and Flood, SplitMix, OOPSLA 2014.</remarks>
internal sealed class SearchRandom(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>A number from 0 up to, but not including, the bound.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    /// <summary>One of the bits set in a mask that is not zero.</summary>
    public int BitOf(uint mask)
    {
        for (int skip = Below(BitOperations.PopCount(mask)); skip > 0; skip--)
        {
            mask &= mask - 1;
        }

        return BitOperations.TrailingZeroCount(mask);
    }

    /// <summary>Sixty-four random bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
