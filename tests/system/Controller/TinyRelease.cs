using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.System.Controller;

/// <summary>A well-formed release of a few kilobytes; its models are noise, which a scripted device does not mind.</summary>
internal static class TinyRelease
{
    private static readonly byte[] Model = Noise(1, 5000);
    private static readonly byte[] Frames = Noise(2, 8);

    /// <summary>Hands it to a controller, signed with the controller's key.</summary>
    public static async Task<ReleaseManifest> ImportAsync(RunningController controller, string id, long revision)
    {
        ReleaseManifest manifest = new(
            ReleaseManifest.FormatVersion, WireId.Parse(id), revision, DateTimeOffset.UnixEpoch, new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero), "tiny",
            new FrameSpec(1, 2, 2, "input", "logits"), ["cat", "dog"], [WireId.Parse("eyeriss-168")], 1024,
            [new VariantManifest(new Precision(8), BlobHash.Of(Model), 0.9, 100, [], [[0.1f, 0.9f], [0.8f, 0.2f]])],
            new GoldenFrames(BlobHash.Of(Frames), 2, 0.01), new ReleaseRules(10, 100, 100, "0.1.0"));
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(controller.Folder.SigningKey));
        SignedManifest signed = new ReleaseSigner(key).Sign(manifest);
        foreach (byte[] blob in new[] { Model, Frames })
            (await controller.Http.PutAsync($"/api/v1/blobs/{BlobHash.Of(blob).Sha256}", new ByteArrayContent(blob))).EnsureSuccessStatusCode();
        using HttpResponseMessage response = await controller.Http.PostAsJsonAsync(
            "/api/v1/releases", new { manifest = signed.Manifest, signature = signed.Signature, keyId = signed.KeyId });
        response.EnsureSuccessStatusCode();
        return manifest;
    }

    /// <summary>Starts a rollout to all devices of the class.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> RollOutAsync(RunningController controller, string id)
    {
        using HttpResponseMessage response = await controller.Http.PostAsJsonAsync("/api/v1/rollouts", new { release = id });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static byte[] Noise(int seed, int size)
    {
        byte[] bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
