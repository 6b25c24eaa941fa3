using System.Globalization;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts;

/// <summary>Bit-width at which weights and activations are held; 32 is unquantised float. Ordered by bits.</summary>
[JsonConverter(typeof(PrecisionJsonConverter))]
public readonly record struct Precision : IComparable<Precision>
{
    /// <summary>Lowest bit-width a network can be quantised to.</summary>
    public const int MinBits = 2;

    /// <summary>Unquantised float.</summary>
    public const int MaxBits = 32;

    // Stored as distance from fp32, so that default(Precision) is a valid precision, not "0 bits".
    private readonly byte _bitsBelowFloat;

    /// <exception cref="ArgumentOutOfRangeException">Outside <see cref="MinBits"/>..<see cref="MaxBits"/>.</exception>
    public Precision(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
        _bitsBelowFloat = (byte)(MaxBits - bits);
    }

    /// <summary>Plain float32.</summary>
    public static Precision Full => default;

    /// <summary>Bits of a weight and of an activation, <see cref="MinBits"/>..<see cref="MaxBits"/>.</summary>
    public int Bits => MaxBits - _bitsBelowFloat;

    /// <summary>True when values are plain float32.</summary>
    public bool IsFloat => _bitsBelowFloat == 0;

    /// <summary>True when the network runs as 8-bit integer codes (possibly on a narrower grid).</summary>
    public bool IsInteger => Bits <= 8;

    /// <inheritdoc/>
    public int CompareTo(Precision other) => Bits.CompareTo(other.Bits);

    /// <inheritdoc/>
    public override string ToString() => Bits.ToString(CultureInfo.InvariantCulture) + "-bit";

    /// <summary>Fewer bits.</summary>
    public static bool operator <(Precision left, Precision right) => left.CompareTo(right) < 0;

    /// <summary>More bits.</summary>
    public static bool operator >(Precision left, Precision right) => left.CompareTo(right) > 0;

    /// <summary>As many bits or fewer.</summary>
    public static bool operator <=(Precision left, Precision right) => left.CompareTo(right) <= 0;

    /// <summary>As many bits or more.</summary>
    public static bool operator >=(Precision left, Precision right) => left.CompareTo(right) >= 0;
}
