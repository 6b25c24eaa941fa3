using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Agent.Inference;

/// <summary>A release of tiny networks on disk. Its variant at place i answers class i to every frame, so an answer tells who gave it.</summary>
internal sealed class TinyRelease : IDisposable
{
    public const int Side = 4;
    public const int FrameBytes = Side * Side;
    private readonly string _folder = Directory.CreateTempSubdirectory("release-").FullName;

    public TinyRelease(int[] bits, string id = "r1", long revision = 1, int trialFrames = 6, int ballast = 0)
    {
        int classes = bits.Length;
        byte[] golden = [.. Enumerable.Range(0, 2 * FrameBytes).Select(i => (byte)(i * 7))];
        Trusted = Trust(new ReleaseManifest(
            ReleaseManifest.FormatVersion, WireId.Parse(id), revision, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, "tiny",
            new FrameSpec(1, Side, Side, "x", "y"), [.. Enumerable.Range(0, classes).Select(i => $"class-{i}")], [WireId.Parse("cpu")], 1024,
            [.. bits.Select((b, i) => Variant(b, i, classes, golden, ballast))], new GoldenFrames(Put(golden), 2, 1e-3),
            new ReleaseRules(trialFrames, MaxP95Ms: 10_000, MaxEnergyMj: 10_000, "0.1.0")));
    }

    public TrustedRelease Trusted { get; }

    public static TrustedRelease Trust(ReleaseManifest manifest) => new(manifest, new SignedManifest([], [], ""));

    public string PathOf(BlobRef blob) => Path.Combine(_folder, blob.Sha256);

    /// <summary>A path in the release's own folder.</summary>
    public string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The release with predictions for a class: latency bits ms, energy bits / 10 mJ, 12 mW idle.</summary>
    public TrustedRelease WithCosts(string deviceClass) => Trust(Trusted.Manifest with
    {
        Variants = [.. Trusted.Manifest.Variants.Select(v => v with
        {
            Costs = [new PredictedCost(WireId.Parse(deviceClass), v.Bits.Bits, v.Bits.Bits / 10.0, 12, BlobHash.Of([1]))],
        })],
    });

    public TrustedRelease With(Func<ReleaseManifest, ReleaseManifest> change) => Trust(change(Trusted.Manifest));

    public BlobRef Put(byte[] content)
    {
        BlobRef blob = BlobHash.Of(content);
        File.WriteAllBytes(PathOf(blob), content);
        return blob;
    }

    private VariantManifest Variant(int bits, int place, int classes, byte[] golden, int ballast)
    {
        float[] weights = [.. Enumerable.Range(0, classes * FrameBytes).Select(i => (i % 5 - 2) / 100f)];
        float[] bias = [.. Enumerable.Range(0, classes).Select(c => c == place ? 3f : 0f)];
        IReadOnlyList<float>[] logits = [.. golden.Chunk(FrameBytes).Select(f => Logits(f, weights, bias))];
        BlobRef model = Put(TinyOnnx.Write([1, Side, Side], weights, bias, ballast));
        return new VariantManifest(new Precision(bits), model, 0.7 + bits / 200.0, 1000, [], logits);
    }

    private static float[] Logits(byte[] frame, float[] weights, float[] bias) => [.. bias.Select((b, c) =>
        b + frame.Select((p, i) => p / 255f * weights[c * FrameBytes + i]).Sum())];
}
