using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Activation;

/// <summary>A signed manifest on disk; trusted only after it is verified again.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Envelope">Exactly as received.</param>
internal sealed record StoredManifest(int V, SignedManifest Envelope)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}

/// <summary>The manifest of the job being executed.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Job">Id of the job.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Envelope">Exactly as received.</param>
/// <param name="BlobUrl">From the job; null when it names none. May hold a secret.</param>
internal sealed record StoredOffer(int V, WireId Job, int Attempt, SignedManifest Envelope, string? BlobUrl = null)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;
}
