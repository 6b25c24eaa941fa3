using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Controller;

/// <summary>A valid release with its blobs.</summary>
internal static class SomeRelease
{
    private static readonly byte[] Model4 = Blob(1, 3000);
    private static readonly byte[] Model8 = Blob(2, 5000);
    private static readonly byte[] Frames = Blob(3, 8);

    public static IReadOnlyList<byte[]> Blobs { get; } = [Model4, Model8, Frames];

    public static ReleaseManifest Manifest(string id = "rel-1", long revision = 1, int chunkBytes = 1024) => new(
        ReleaseManifest.FormatVersion, WireId.Parse(id), revision, SomeFleet.Now, new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero), "tiny",
        new FrameSpec(1, 2, 2, "input", "logits"), ["cat", "dog"], [SomeFleet.Class], chunkBytes,
        [Variant(4, Model4), Variant(8, Model8)], new GoldenFrames(BlobHash.Of(Frames), 2, 0.01), new ReleaseRules(10, 100, 100, "0.1.0"));

    public static SignedManifest Sign(ReleaseManifest manifest, string signingKeyFile)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(signingKeyFile));
        return new ReleaseSigner(key).Sign(manifest);
    }

    private static VariantManifest Variant(int bits, byte[] model) =>
        new(new Precision(bits), BlobHash.Of(model), 0.9, 100, [], [[0.1f, 0.9f], [0.8f, 0.2f]]);

    private static byte[] Blob(int seed, int size)
    {
        byte[] bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
