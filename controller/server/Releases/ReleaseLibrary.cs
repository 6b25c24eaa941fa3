using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Storage;
using Microsoft.EntityFrameworkCore;

namespace InstantNet.Controller.Releases;

/// <summary>The releases that can be rolled out. Thread safe.</summary>
internal sealed partial class ReleaseLibrary(
    IDbContextFactory<ControllerDbContext> contexts, ReleaseKeyRing keys, BlobStore blobs, TimeProvider time, ILogger<ReleaseLibrary> log)
    : IHostedService
{
    private readonly ConcurrentDictionary<WireId, TrustedRelease> _trusted = new();

    /// <summary>Releases that are not retired.</summary>
    public IReadOnlyList<TrustedRelease> All => [.. _trusted.Values];

    public bool TryGet(WireId id, [NotNullWhen(true)] out TrustedRelease? release) => _trusted.TryGetValue(id, out release);

    /// <inheritdoc/>
    /// <remarks>Each is verified again: the database is not trusted with what devices will run.</remarks>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (ReleaseRecord record in await store.Releases.AsNoTracking().Where(r => r.RetiredAt == null).ToListAsync(cancellationToken))
        {
            ReleaseRejection verdict = ReleaseVerifier.VerifyForImport(keys.Trusted, record.Envelope(), record.ImportedAt, out TrustedRelease? release, out _);
            if (release is null)
                LogUntrusted(record.Id, verdict);
            else
                _trusted[record.Id] = release;
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes a release in whose blobs are already held.</summary>
    public async Task<ImportResult> ImportAsync(SignedManifest envelope, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ReleaseRejection verdict = ReleaseVerifier.VerifyForImport(keys.Trusted, envelope, now, out TrustedRelease? release, out string? fault);
        if (release is null)
            return ImportResult.Refused(fault is null ? $"The release was refused: {SentenceOf(verdict)}" : $"The release was refused: {fault}");
        ReleaseManifest manifest = release.Manifest;
        List<string> missing = ReleaseBlobs.Of(manifest).Where(b => !blobs.Holds(b)).Select(b => $"{b.Sha256} ({b.Size} bytes)").ToList();
        if (missing.Count > 0)
            return ImportResult.Refused("Blobs are missing: put them first.", missing);
        if (_trusted.Values.FirstOrDefault(other => SharesBlobsCutOtherwise(manifest, other.Manifest)) is { } other)
            return ImportResult.Conflict($"Release '{other.Manifest.Release}' shares blobs but has other chunkBytes ({other.Manifest.ChunkBytes}).");

        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        if (await store.Releases.AnyAsync(r => r.Id == manifest.Release, cancellationToken))
            return ImportResult.Conflict($"There is already a release '{manifest.Release}'.");
        store.Releases.Add(new ReleaseRecord
        {
            Id = manifest.Release,
            Revision = manifest.Revision,
            Manifest = envelope.Manifest,
            Signature = envelope.Signature,
            KeyId = envelope.KeyId,
            ImportedAt = now,
        });
        await store.SaveChangesAsync(cancellationToken);
        _trusted[manifest.Release] = release;
        LogImported(manifest.Release, manifest.Revision);
        return ImportResult.Imported(manifest.Release);
    }

    /// <summary>Remembers that a release's chunks are with the broker.</summary>
    public async Task MarkPublishedAsync(WireId id, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        await store.Releases.Where(r => r.Id == id && r.PublishedAt == null)
            .ExecuteUpdateAsync(update => update.SetProperty(r => r.PublishedAt, now), cancellationToken);
    }

    /// <summary>Takes a release out of use; its blobs stay in the store.</summary>
    public async Task RetireAsync(WireId id, CancellationToken cancellationToken)
    {
        await using ControllerDbContext store = await contexts.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        await store.Releases.Where(r => r.Id == id)
            .ExecuteUpdateAsync(update => update.SetProperty(r => r.RetiredAt, now), cancellationToken);
        _trusted.TryRemove(id, out _);
    }

    // A blob's chunks lie under its digest alone, so two cuts of one blob would overwrite each other.
    private static bool SharesBlobsCutOtherwise(ReleaseManifest one, ReleaseManifest other) =>
        one.ChunkBytes != other.ChunkBytes && ReleaseBlobs.Of(one).Intersect(ReleaseBlobs.Of(other)).Any();

    private static string SentenceOf(ReleaseRejection verdict) => verdict switch
    {
        ReleaseRejection.TooLarge => $"its manifest is larger than {ReleaseManifest.MaxBytes} bytes.",
        ReleaseRejection.BadSignature => "its manifest was not signed by a key that this controller's devices trust, or it was changed afterwards.",
        ReleaseRejection.UnsupportedVersion => "its manifest has a later format than this controller reads.",
        ReleaseRejection.Expired => "its time is over.",
        _ => "its manifest is not well-formed.",
    };

    [LoggerMessage(401, LogLevel.Error, "Release {Release} in the database is not trusted ({Verdict}) and is left out.")]
    private partial void LogUntrusted(WireId release, ReleaseRejection verdict);

    [LoggerMessage(402, LogLevel.Information, "Release {Release}, revision {Revision}, was imported.")]
    private partial void LogImported(WireId release, long revision);
}
