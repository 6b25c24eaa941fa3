using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;
using InstantNet.Generation.Packaging;
using InstantNet.Generation.Runs;
using InstantNet.Tests.Unit.Generation.Runs;

namespace InstantNet.Tests.Unit.Generation.Packaging;

public sealed class ReleasePackagerTests : IDisposable
{
    private static readonly WireId Measured = WireId.Parse("cpu-measured");
    private static readonly ReleaseOptions Options = new(WireId.Parse("rel-1"), 3, SomeRun.Created, TimeSpan.FromDays(10), [Measured]);
    private readonly SomeRun _run = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _run.Dispose();
        _key.Dispose();
    }

    [Theory]
    [InlineData("eyeriss-168")]
    [InlineData("cpu-measured")]
    public void Devices_of_every_class_trust_the_release_while_it_lasts(string deviceClass)
    {
        _run.Finish();
        ReleaseBundle bundle = Package(Options);
        ReleaseVerifier device = new(new ReleaseKeys([_key.ExportSubjectPublicKeyInfoPem()]), WireId.Parse(deviceClass), new Version(0, 1, 0));

        Assert.Equal(ReleaseRejection.None, device.Verify(bundle.Envelope, SomeRun.Created.AddDays(9), 2, out TrustedRelease? trusted));
        Assert.Equal((Options.Release, 3L), (trusted!.Manifest.Release, trusted.Manifest.Revision));
        Assert.Equal(ReleaseRejection.Expired, device.Verify(bundle.Envelope, SomeRun.Created.AddDays(10), 2, out _));
    }

    [Fact]
    public void The_manifest_tells_what_the_run_measured_and_the_mapper_predicted()
    {
        _run.Finish();

        ReleaseManifest manifest = Package(Options).Manifest;

        Assert.Equal([SomeRun.Class, Measured], manifest.DeviceClasses);
        Assert.Equal([new Precision(4), new Precision(8)], manifest.Variants.Select(v => v.Bits));
        Assert.Equal([0.54, 0.58], manifest.Variants.Select(v => v.Accuracy));
        Assert.Equal(SomeRun.Report.Variants[0].GoldenLogits, manifest.Variants[0].GoldenLogits);
        PredictedCost cost = Assert.Single(manifest.Variants[1].Costs);
        Assert.Equal((SomeRun.Class, 1.0, 0.5, 12.5), (cost.DeviceClass, cost.LatencyMs, cost.EnergyMj, cost.IdleMw));
        Assert.Equal((2, "cat"), (manifest.Golden.Count, manifest.Labels[0]));
    }

    [Fact]
    public void Every_blob_lies_under_the_digest_of_its_content()
    {
        _run.Finish();

        ReleaseBundle bundle = Package(Options);

        Assert.Equal(5, bundle.Files.Count);
        Assert.All(bundle.Files, f => Assert.Equal(f.Key, BlobHash.Of(File.ReadAllBytes(f.Value)).Sha256));
        BlobRef[] named =
        [
            .. bundle.Manifest.Variants.Select(v => v.Model), bundle.Manifest.Golden.Frames, .. bundle.Manifest.Variants.SelectMany(v => v.Costs).Select(c => c.Dataflow),
        ];
        Assert.Equal(bundle.Files.Keys.Order(), named.Select(b => b.Sha256).Order());
    }

    [Fact]
    public void A_run_that_is_not_finished_is_refused() =>
        Assert.Contains("run.json", Assert.Throws<InvalidDataException>(() => Package(Options)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_precision_without_a_dataflow_is_named()
    {
        _run.Finish();
        _run.Folder.Write(SomeRun.Mapping with { Precisions = [SomeRun.Mapping.Precisions[0]] });

        string sentence = Assert.Throws<InvalidDataException>(() => Package(Options)).Message;

        Assert.Contains("eyeriss-168 at 8", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_valid_manifest_are_refused_before_signing()
    {
        _run.Finish();

        Assert.Contains(_run.Folder.Path, Assert.Throws<InvalidDataException>(() => Package(Options with { Revision = 0 })).Message, StringComparison.Ordinal);
    }

    private ReleaseBundle Package(ReleaseOptions options) => ReleasePackager.Package(_run.Folder, options, new ReleaseSigner(_key));
}
