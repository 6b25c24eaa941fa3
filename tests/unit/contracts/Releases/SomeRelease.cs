using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Contracts.Releases;

/// <summary>Releases that are right in every respect, for tests to spoil one thing at a time.</summary>
internal static class SomeRelease
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly WireId DeviceClass = WireId.Parse("eyeriss-168");

    public static ReleaseManifest Manifest(long revision = 3)
    {
        BlobRef model4 = BlobHash.Of([1, 2, 3]), model8 = BlobHash.Of([4, 5, 6, 7]), frames = BlobHash.Of([9, 9, 9, 9]), dataflow = BlobHash.Of("{}"u8);
        return new ReleaseManifest(
            ReleaseManifest.FormatVersion, WireId.Parse("fashion-3"), revision, Now.AddDays(-1), Now.AddDays(30), "mobilenet-small",
            new FrameSpec(1, 2, 2, "x", "logits"), ["shirt", "shoe"], [DeviceClass, WireId.Parse("cpu-measured")], 4096,
            [
                new VariantManifest(new Precision(4), model4, 0.87, 10000, [new PredictedCost(DeviceClass, 0.5, 0.01, 40, dataflow)], [[0.1f, 0.9f]]),
                new VariantManifest(new Precision(8), model8, 0.88, 10000, [new PredictedCost(DeviceClass, 0.9, 0.03, 40, dataflow)], [[0.2f, 0.8f]]),
            ],
            new GoldenFrames(frames, 1, 0.05), new ReleaseRules(10, 50, 5, "0.1.0"));
    }

    public static ReleaseKeys Trust(ECDsa key) => new([key.ExportSubjectPublicKeyInfoPem()]);

    public static ReleaseVerifier Verifier(ECDsa key) => new(Trust(key), DeviceClass, new Version(0, 1, 0));
}
