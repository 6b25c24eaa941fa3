using System.Globalization;

namespace InstantNet.Agent.Telemetry;

/// <summary>Where the spool lies, how large it may grow and how long it keeps a sample.</summary>
internal sealed record SpoolOptions
{
    /// <summary>Smallest accepted bound, bytes.</summary>
    public const long LeastBytes = 32 * 1024;

    private const int SegmentsPerSpool = 8;
    private const long LargestSegment = 1024 * 1024;

    /// <param name="folder">Made when missing; one process at a time writes it.</param>
    /// <param name="maxBytes">Bound on all files together, <see cref="LeastBytes"/> or more.</param>
    /// <param name="maxAge">Samples older than about this are lost; positive. Null: no sample is too old.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is too small.</exception>
    public SpoolOptions(string folder, long maxBytes, TimeSpan? maxAge = null)
    {
        if (maxAge is { } age)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(age, TimeSpan.Zero, nameof(maxAge));
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (maxBytes < LeastBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxBytes), maxBytes, string.Create(CultureInfo.InvariantCulture, $"A spool has {LeastBytes} bytes or more."));
        }

        (Folder, MaxBytes, MaxAge) = (folder, maxBytes, maxAge ?? TimeSpan.MaxValue);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Bound on all files together, bytes.</summary>
    public long MaxBytes { get; }

    /// <summary>How long a sample is kept, counted in windows recorded since: neither a wrong clock nor a device that was switched off makes one old.</summary>
    public TimeSpan MaxAge { get; }

    /// <summary>Recorded time after which a new file begins.</summary>
    public TimeSpan SegmentAge => MaxAge / SegmentsPerSpool;

    /// <summary>Size at which a new file begins, bytes; the oldest file is what is lost at once when the spool is full.</summary>
    public long SegmentBytes => Math.Min(LargestSegment, MaxBytes / SegmentsPerSpool);
}
