using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Controller.Releases;

/// <summary>An imported release as the store knows it.</summary>
internal sealed class ReleaseRecord
{
    public required WireId Id { get; init; }

    public required long Revision { get; init; }

    /// <summary>The exact signed bytes.</summary>
    public required byte[] Manifest { get; init; }

    public required byte[] Signature { get; init; }

    public required string KeyId { get; init; }

    public required DateTimeOffset ImportedAt { get; init; }

    /// <summary>When its chunks were first published; null before its first rollout.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>When it was withdrawn from use; null while it can be rolled out.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    public SignedManifest Envelope() => new(Manifest, Signature, KeyId);
}
