using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Inference;

namespace InstantNet.Tests.System.Durability;

/// <summary>A signed release of two networks of a few kilobytes that answer one class to every frame.</summary>
internal sealed class DeviceRelease
{
    public const int Side = 16, Classes = 4, FrameBytes = Side * Side;
    public const string DeviceClass = "cpu";

    public const int ChunkBytes = 1024;

    private const int GoldenFrames = 2;
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256), Stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly Dictionary<string, byte[]> _blobs = [];

    /// <param name="revision">Also decides which class it answers: revision modulo <see cref="Classes"/>.</param>
    /// <param name="goldenIsWrong">Its networks do not answer golden frames as the manifest says.</param>
    /// <param name="isForged">Signed by a key that no device trusts.</param>
    public DeviceRelease(long revision, bool goldenIsWrong = false, bool isForged = false)
    {
        byte[] golden = [.. Enumerable.Range(0, GoldenFrames * FrameBytes).Select(i => (byte)(i * 7))];
        Manifest = new ReleaseManifest(
            ReleaseManifest.FormatVersion, WireId.Parse($"r{revision}"), revision, DateTimeOffset.UnixEpoch, new DateTimeOffset(2999, 1, 1, 0, 0, 0, TimeSpan.Zero),
            "tiny", new FrameSpec(1, Side, Side, "x", "y"), [.. Enumerable.Range(0, Classes).Select(i => $"class-{i}")], [WireId.Parse(DeviceClass)], ChunkBytes,
            [Variant(8, revision, golden, goldenIsWrong), Variant(32, revision, golden, goldenIsWrong)], new GoldenFrames(Put(golden), GoldenFrames, 1e-3),
            new ReleaseRules(TrialFrames: 6, MaxP95Ms: 60_000, MaxEnergyMj: 1e9, "0.1.0"));
        Envelope = new ReleaseSigner(isForged ? Stranger : Key).Sign(Manifest);
    }

    public static string TrustedKey { get; } = Key.ExportSubjectPublicKeyInfoPem();

    public ReleaseManifest Manifest { get; }

    public SignedManifest Envelope { get; }

    public string Id => Manifest.Release.Value;

    /// <summary>Its blobs by their address.</summary>
    public IReadOnlyDictionary<string, byte[]> Blobs => _blobs;

    /// <summary>The retained messages that bring its blobs, the first model's chunks last.</summary>
    public IEnumerable<(string Topic, byte[] Payload)> Chunks(Topics topics) => _blobs
        .OrderBy(b => b.Key == Manifest.Variants[0].Model.Sha256)
        .SelectMany(b => b.Value.Chunk(ChunkBytes).Select((chunk, n) => (topics.Chunk(b.Key, n), chunk)));

    public JobOffer Offer(string job, DateTimeOffset deadline) => new(
        JobOffer.MessageVersion, WireId.Parse(job), 1, deadline, Envelope.Manifest, Envelope.Signature, Envelope.KeyId);

    private BlobRef Put(byte[] content)
    {
        BlobRef blob = BlobHash.Of(content);
        _blobs[blob.Sha256] = content;
        return blob;
    }

    private VariantManifest Variant(int bits, long revision, byte[] golden, bool goldenIsWrong)
    {
        // Of no other revision: a chunk that is to be missing must not be on the broker from an earlier one.
        float[] weights = [.. Enumerable.Range(0, Classes * FrameBytes).Select(i => ((i + bits) % 5 - 2) / 1000f + revision / 1e7f)];
        float[] bias = [.. Enumerable.Range(0, Classes).Select(c => c == revision % Classes ? 3f : 0f)];
        IReadOnlyList<float>[] logits = [.. golden.Chunk(FrameBytes).Select(frame => (float[])[.. bias.Select((b, c) =>
            b + frame.Select((p, i) => p / 255f * weights[c * FrameBytes + i]).Sum() + (goldenIsWrong ? 1 : 0))])];
        return new VariantManifest(new Precision(bits), Put(TinyOnnx.Write([1, Side, Side], weights, bias)), 0.7 + bits / 200.0, 1000, [], logits);
    }
}
