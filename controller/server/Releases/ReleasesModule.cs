using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Api;
using InstantNet.Controller.Rollouts;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InstantNet.Controller.Releases;

/// <summary>Releases and their blobs: taken in, listed, given out, retired.</summary>
internal static class ReleasesModule
{
    public static IServiceCollection AddReleases(this IServiceCollection services)
    {
        services.AddSingleton<ReleaseKeyRing>();
        services.AddSingleton<BlobStore>();
        services.AddSingleton<ReleaseLibrary>();
        services.AddSingleton<ReleaseReader>();
        services.AddSingleton<ChunkPublisher>();
        services.AddHostedService(provider => provider.GetRequiredService<ReleaseLibrary>());
        return services;
    }

    public static void MapReleases(this RouteGroupBuilder api)
    {
        api.MapGet("/releases", async (ReleaseReader reader, CancellationToken cancellationToken) =>
            TypedResults.Ok((await reader.ListAsync(cancellationToken)).ToArray()));
        api.MapGet("/releases/{id}", GetOne);
        api.MapPost("/releases", ImportAsync).RequireOperator();
        api.MapPost("/releases/{id}/retire", RetireAsync).RequireOperator();
        api.MapPut("/blobs/{sha256}", PutBlobAsync).RequireOperator();
        api.MapGet("/blobs/{sha256}", GetBlob);
    }

    private static Results<Ok<ReleaseUpload>, ProblemHttpResult> GetOne(string id, ReleaseLibrary library) =>
        WireId.TryParse(id, out WireId? release) && library.TryGet(release, out TrustedRelease? trusted)
            ? TypedResults.Ok(new ReleaseUpload(trusted.Envelope.Manifest, trusted.Envelope.Signature, trusted.Envelope.KeyId))
            : Problems.NotFound($"There is no release '{id}' in use.");

    private static async Task<Results<Created<ReleaseAccepted>, ProblemHttpResult>> ImportAsync(
        ReleaseUpload upload, ReleaseLibrary library, CancellationToken cancellationToken)
    {
        if (upload is not { Manifest: { } manifest, Signature: { } signature, KeyId: { } keyId })
            return Problems.Invalid("manifest, signature or keyId is missing.", []);
        ImportResult result = await library.ImportAsync(new SignedManifest(manifest, signature, keyId), cancellationToken);
        if (result.Release is { } release)
            return TypedResults.Created("/api/v1/releases", new ReleaseAccepted(release));
        return result.IsConflict ? Problems.Conflict(result.Fault!) : Problems.Invalid(result.Fault!, result.Details);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RetireAsync(
        string id, ReleaseLibrary library, ChunkPublisher chunks, RolloutReader rollouts, CancellationToken cancellationToken)
    {
        if (!WireId.TryParse(id, out WireId? release) || !library.TryGet(release, out TrustedRelease? trusted))
            return Problems.NotFound($"There is no release '{id}' in use.");
        if (await rollouts.IsRollingOutAsync(release, cancellationToken))
            return Problems.Conflict($"Release '{id}' is being rolled out: cancel the rollout first.");
        await library.RetireAsync(release, cancellationToken);
        await chunks.ClearAsync(trusted.Manifest, library.All.Select(r => r.Manifest), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutBlobAsync(
        string sha256, HttpRequest request, BlobStore blobs, CancellationToken cancellationToken)
    {
        if (!BlobStore.IsDigest(sha256))
            return Problems.Invalid("A blob's address is 64 lower-case hexadecimal digits.", []);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = ReleaseManifest.MaxBlobBytes + 1;
        return await blobs.PutAsync(sha256, request.Body, cancellationToken) switch
        {
            BlobReceipt.WrongHash => Problems.Invalid("The content has another SHA-256 than its address; nothing was kept.", []),
            BlobReceipt.TooLarge => Problems.TooLarge($"A blob has at most {ReleaseManifest.MaxBlobBytes} bytes."),
            _ => TypedResults.NoContent(),
        };
    }

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> GetBlob(string sha256, BlobStore blobs)
    {
        if (!BlobStore.IsDigest(sha256) || !File.Exists(blobs.PathOf(sha256)))
            return Problems.NotFound($"There is no blob '{sha256}'.");
        return TypedResults.PhysicalFile(blobs.PathOf(sha256), "application/octet-stream", enableRangeProcessing: true);
    }
}
