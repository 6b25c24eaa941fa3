using System.Globalization;

namespace InstantNet.Agent.Telemetry;

/// <summary>Where the spool lies and how large it may grow.</summary>
internal sealed record SpoolOptions
{
    /// <summary>Smallest accepted bound, bytes.</summary>
    public const long LeastBytes = 32 * 1024;

    private const int SegmentsPerSpool = 8;
    private const long LargestSegment = 1024 * 1024;

    /// <param name="folder">Made when missing; one process at a time writes it.</param>
    /// <param name="maxBytes">Bound on all files together, <see cref="LeastBytes"/> or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is too small.</exception>
    public SpoolOptions(string folder, long maxBytes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (maxBytes < LeastBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(maxBytes), maxBytes, string.Create(CultureInfo.InvariantCulture, $"A spool has {LeastBytes} bytes or more."));
        }

        (Folder, MaxBytes) = (folder, maxBytes);
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Bound on all files together, bytes.</summary>
    public long MaxBytes { get; }

    /// <summary>Size at which a new file begins, bytes; the oldest file is what is lost at once when the spool is full.</summary>
    public long SegmentBytes => Math.Min(LargestSegment, MaxBytes / SegmentsPerSpool);
}
