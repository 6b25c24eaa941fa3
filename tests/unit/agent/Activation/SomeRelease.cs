using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Link;

namespace InstantNet.Tests.Unit.Agent.Activation;

/// <summary>A small signed release whose blobs are known bytes.</summary>
internal sealed class SomeRelease
{
    public const int ChunkBytes = 1024;

    public static readonly WireId DeviceClass = WireId.Parse("eyeriss-168");
    public static readonly Topics Topics = new(WireId.Parse("default"));

    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private SomeRelease(ReleaseManifest manifest, SignedManifest envelope, IReadOnlyDictionary<string, byte[]> blobs) =>
        (Manifest, Envelope, Blobs) = (manifest, envelope, blobs);

    public static ReleaseKeys Keys => new([Key.ExportSubjectPublicKeyInfoPem()]);

    public ReleaseManifest Manifest { get; }

    public SignedManifest Envelope { get; }

    public IReadOnlyDictionary<string, byte[]> Blobs { get; }

    public BlobRef Model => Manifest.Variants[0].Model;

    public static SomeRelease Make(
        long revision = 1, string id = "mobile-1", int modelBytes = 5 * ChunkBytes + 10, string deviceClass = "eyeriss-168",
        DateTimeOffset? expires = null, string minAgent = "0.1.0", ECDsa? key = null)
    {
        byte[] model = Bytes((int)revision, modelBytes);
        byte[] golden = Bytes(1000, 16);
        byte[] dataflow = Bytes(2000 + (int)revision, 40);
        FrameSpec frame = new(1, 4, 4, "image", "logits");
        PredictedCost cost = new(WireId.Parse(deviceClass), 1.5, 0.2, 10, BlobHash.Of(dataflow));
        VariantManifest variant = new(new Precision(8), BlobHash.Of(model), 0.9, 100, [cost], [[1f, 2f]]);
        DateTimeOffset created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        ReleaseManifest manifest = new(
            ReleaseManifest.FormatVersion, WireId.Parse(id), revision, created, expires ?? created.AddYears(1), "mobile", frame, ["cat", "dog"],
            [WireId.Parse(deviceClass)], ChunkBytes, [variant], new GoldenFrames(BlobHash.Of(golden), 1, 0.01), new ReleaseRules(10, 100, 10, minAgent));
        Dictionary<string, byte[]> blobs = new[] { model, golden, dataflow }.ToDictionary(b => BlobHash.Of(b).Sha256);
        return new SomeRelease(manifest, new ReleaseSigner(key ?? Key).Sign(manifest), blobs);
    }

    public JobOffer Offer(string job = "job-1", int attempt = 1, DateTimeOffset? deadline = null, SignedManifest? envelope = null, string? blobUrl = null)
    {
        SignedManifest sent = envelope ?? Envelope;
        return new JobOffer(
            JobOffer.MessageVersion, WireId.Parse(job), attempt, deadline ?? new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero),
            sent.Manifest, sent.Signature, sent.KeyId, blobUrl);
    }

    public TrustedRelease Trusted()
    {
        ReleaseVerifier verifier = new(Keys, DeviceClass, new Version(0, 1, 0));
        Assert.Equal(ReleaseRejection.None, verifier.Verify(Envelope, DateTimeOffset.MinValue, 0, out TrustedRelease? release));
        return release!;
    }

    public void PublishTo(FakeLink link)
    {
        foreach ((string sha256, byte[] content) in Blobs)
        {
            for (int n = 0; n * ChunkBytes < content.Length; n++)
                link.Retained[Topics.Chunk(sha256, n)] = content.AsSpan(n * ChunkBytes, Math.Min(ChunkBytes, content.Length - n * ChunkBytes)).ToArray();
        }
    }

    private static byte[] Bytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
