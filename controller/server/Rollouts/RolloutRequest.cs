using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Controller.Rollouts;

/// <summary>A release that devices shall install.</summary>
/// <param name="Release">Imported release.</param>
/// <param name="Devices">Which devices; null: all of the classes.</param>
/// <param name="DeviceClasses">Of these classes; null: of those that the release is made for.</param>
/// <param name="DeadlineSeconds">Time that each device has from its offer, 10 s to 7 days.</param>
/// <param name="Waves">Share of the selection reached after each wave, rising, ending with 1.</param>
/// <param name="MaxFailedShare">Bad ends over devices of a wave; strictly above it the rollout fails, 0..1.</param>
/// <param name="MinEnded">Devices that must have ended before a wave may fail early, 1 or more.</param>
/// <param name="BlobUrl">Where a web server offers the blobs, as <see cref="BlobUrlTemplate"/> reads it; null: only the broker. May hold a secret.</param>
public sealed record RolloutRequest(
    WireId? Release, IReadOnlyList<WireId>? Devices = null, IReadOnlyList<WireId>? DeviceClasses = null,
    int DeadlineSeconds = 3600, IReadOnlyList<double>? Waves = null, double MaxFailedShare = 0, int MinEnded = 1, string? BlobUrl = null)
{
    private const int MinDeadlineSeconds = 10;
    private const int MaxDeadlineSeconds = 7 * 24 * 3600;

    /// <summary>Every fault, one sentence each; empty when there is none.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (Release is null)
            faults.Add("release is missing.");
        if (DeadlineSeconds is < MinDeadlineSeconds or > MaxDeadlineSeconds)
            faults.Add($"deadlineSeconds is {DeadlineSeconds}: {MinDeadlineSeconds} to {MaxDeadlineSeconds} is accepted.");
        if (MaxFailedShare is not (>= 0 and <= 1))
            faults.Add($"maxFailedShare is {MaxFailedShare}: 0 to 1 is accepted.");
        if (MinEnded < 1)
            faults.Add($"minEnded is {MinEnded}: 1 or more is accepted.");
        if (Waves is not null && WavePlan.Fault(Waves) is { } fault)
            faults.Add(fault);
        if (BlobUrl is not null && BlobUrlTemplate.Read(BlobUrl, out _) is { } complaint)
            faults.Add(complaint);
        return faults;
    }
}
