using System.Security.Cryptography;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Durable;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Bench.Agents;

/// <summary>Signed releases of made-up networks in an agent's folder, as if they had been delivered.</summary>
/// <param name="folder">Of the agent; made by the caller.</param>
internal sealed class BenchReleases(AgentFolder folder) : IDisposable
{
    private const int GoldenImages = 4, Classes = 10, TestImages = 10_000, ChunkBytes = 16 * 1024, TrialFrames = 30;
    private const double AnyLogit = 0.25, AnyLatency = 1e6, AnyEnergy = 1e6;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A class that measures for itself.</summary>
    public static WireId DeviceClass { get; } = WireId.Parse("cpu-measured");

    /// <summary>Key that devices must trust, PEM.</summary>
    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Where a blob lies.</summary>
    public string PathOf(BlobRef blob) => Path.Combine(folder.Blobs, blob.Sha256);

    /// <summary>Makes, signs and verifies one.</summary>
    /// <param name="net">Name in the catalogue.</param>
    /// <param name="bits">Ascending.</param>
    /// <param name="revision">Also the seed of its weights.</param>
    /// <param name="cancellationToken">Looked at now and then.</param>
    public TrustedRelease Make(string net, IReadOnlyList<int> bits, int revision, CancellationToken cancellationToken)
    {
        TensorShape shape = NetCatalog.Build(net).Input;
        NetSpec spec = NetCatalog.Build(net, shape, Classes);
        ImageSet golden = MadeUpNet.Noise(shape, GoldenImages, new Random(revision));
        IReadOnlyList<TrainedVariant> variants = MadeUpNet.Make(spec, [.. bits.Select(b => new Precision(b))], revision, cancellationToken);
        ReleaseManifest manifest = new(
            ReleaseManifest.FormatVersion, WireId.Parse($"bench-{revision}"), revision, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, net,
            new FrameSpec(shape.Channels, shape.Height, shape.Width, ModelTensors.Input, ModelTensors.Output),
            [.. Enumerable.Range(0, Classes).Select(i => $"class-{i}")], [DeviceClass], ChunkBytes,
            [.. variants.Select(v => Variant(spec, v, golden, cancellationToken))],
            new GoldenFrames(Put(golden.Pixels), GoldenImages, AnyLogit),
            new ReleaseRules(TrialFrames, AnyLatency, AnyEnergy, AgentVersion.Current.ToString()));
        SignedManifest envelope = new ReleaseSigner(_key).Sign(manifest);
        ReleaseRejection rejection = new ReleaseVerifier(new ReleaseKeys([PublicKey]), DeviceClass, AgentVersion.Current)
            .Verify(envelope, DateTimeOffset.UnixEpoch, highestRevision: 0, out TrustedRelease? release);
        return release ?? throw new InvalidOperationException($"The release of {net} is refused: {rejection}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    // Accuracies are made up too: more bits are a little better, as in any SP-Net.
    private VariantManifest Variant(NetSpec net, TrainedVariant variant, ImageSet golden, CancellationToken cancellationToken)
    {
        const double Least = 0.7, PerBit = 0.005;
        byte[] model = ModelExporter.Export(net, variant, ExportOptions.Device);
        float[] logits = new OnnxEvaluator().Evaluate(model, golden, cancellationToken).Logits;
        return new VariantManifest(
            variant.Precision, Put(model), Least + (PerBit * variant.Precision.Bits), TestImages, [], [.. logits.Chunk(Classes)]);
    }

    private BlobRef Put(byte[] content)
    {
        BlobRef blob = BlobHash.Of(content);
        File.WriteAllBytes(PathOf(blob), content);
        return blob;
    }
}
