using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Inference;

/// <summary>The control plane's whole view of the data plane: what serves frames, and how another release takes over. Thread safe.</summary>
public interface IModelServer
{
    /// <summary>What serves now; null before the first release.</summary>
    ServingReport? Serving { get; }

    /// <summary>Raised after the release, the offered variants or the precision changed; handlers must return at once.</summary>
    event Action? Changed;

    /// <summary>Loads a verified release beside the serving one: every variant resident and warm, golden frames answered as the manifest says.</summary>
    /// <param name="release">Verified manifest.</param>
    /// <param name="blobPath">Where a verified blob lies on disk.</param>
    /// <param name="cancellationToken">Gives up; nothing stays loaded.</param>
    /// <exception cref="ReleaseUnusableException">A variant does not load or answers wrongly; the message is one sentence.</exception>
    Task<ICandidateRelease> LoadAsync(TrustedRelease release, Func<BlobRef, string> blobPath, CancellationToken cancellationToken);

    /// <summary>Puts a policy in force for the next frame.</summary>
    void Apply(PrecisionPolicy policy);
}

/// <summary>A loaded release that does not serve yet. Disposing frees it, unless it was committed.</summary>
public interface ICandidateRelease : IAsyncDisposable
{
    /// <summary>Answers real frames beside the serving release (whose answers still count) until the manifest's rules are met.</summary>
    /// <returns>Null when all rules hold, else what did not, as one sentence.</returns>
    Task<string?> TryAsync(CancellationToken cancellationToken);

    /// <summary>Swaps: the next frame runs on this release; the old one is freed after its last frame. Never fails.</summary>
    void Commit();
}

/// <summary>What serves frames at one moment.</summary>
/// <param name="Release">Id.</param>
/// <param name="Revision">Revision.</param>
/// <param name="Precision">In use, and why.</param>
/// <param name="Offered">Precisions not dominated on this device, ascending.</param>
/// <param name="Measured">Cost of each resident variant.</param>
public sealed record ServingReport(
    WireId Release, long Revision, PrecisionInUse Precision, IReadOnlyList<Precision> Offered, IReadOnlyList<MeasuredVariant> Measured);

/// <summary>A release cannot be used on this device; the message is one sentence for people.</summary>
public sealed class ReleaseUnusableException : Exception
{
    /// <summary>Makes one.</summary>
    public ReleaseUnusableException(string message) : base(message) { }

    /// <summary>Makes one with its cause.</summary>
    public ReleaseUnusableException(string message, Exception inner) : base(message, inner) { }
}
