using System.Security.Cryptography;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Tests.Unit.Contracts.Releases;

public sealed class ReleaseVerifierTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Trusts_a_release_that_passes_every_check()
    {
        Assert.Equal(ReleaseRejection.None, Verify(SomeRelease.Manifest(), out TrustedRelease? release));
        Assert.Equal("fashion-3", release!.Manifest.Release.Value);
        Assert.Equal(4, release.BlobsFor(SomeRelease.DeviceClass).Count);
        Assert.Equal(3, release.BlobsFor(WireId.Parse("cpu-measured")).Count);
    }

    [Fact]
    public void Refuses_every_manifest_with_one_byte_flipped()
    {
        SignedManifest good = new ReleaseSigner(_key).Sign(SomeRelease.Manifest());
        for (int i = 0; i < good.Manifest.Length; i += 7)
        {
            byte[] spoiled = (byte[])good.Manifest.Clone();
            spoiled[i] ^= 1;
            Assert.Equal(
                ReleaseRejection.BadSignature,
                SomeRelease.Verifier(_key).Verify(good with { Manifest = spoiled }, SomeRelease.Now, 0, out TrustedRelease? release));
            Assert.Null(release);
        }
    }

    [Fact]
    public void Refuses_a_signature_by_another_key_even_under_a_trusted_name()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        SignedManifest forged = new ReleaseSigner(other).Sign(SomeRelease.Manifest()) with { KeyId = ReleaseKeys.IdOf(_key) };
        Assert.Equal(ReleaseRejection.BadSignature, SomeRelease.Verifier(_key).Verify(forged, SomeRelease.Now, 0, out _));
    }

    [Fact]
    public void Refuses_a_release_for_other_classes() =>
        Assert.Equal(ReleaseRejection.WrongDeviceClass, Verify(SomeRelease.Manifest() with { DeviceClasses = [WireId.Parse("edge-64")] }, out _));

    [Fact]
    public void Refuses_a_release_at_the_moment_it_expires() =>
        Assert.Equal(ReleaseRejection.Expired, Verify(SomeRelease.Manifest() with { Expires = SomeRelease.Now }, out _));

    [Fact]
    public void Refuses_to_go_back_behind_the_highest_committed_revision()
    {
        Assert.Equal(ReleaseRejection.OlderThanInstalled, Verify(SomeRelease.Manifest(revision: 3), out _, highestRevision: 4));
        Assert.Equal(ReleaseRejection.None, Verify(SomeRelease.Manifest(revision: 4), out _, highestRevision: 4));
    }

    [Fact]
    public void Refuses_a_release_that_needs_a_later_agent() =>
        Assert.Equal(
            ReleaseRejection.AgentTooOld,
            Verify(SomeRelease.Manifest() with { Rules = SomeRelease.Manifest().Rules with { MinAgent = "9.0.0" } }, out _));

    [Fact]
    public void Refuses_a_later_format() =>
        Assert.Equal(ReleaseRejection.UnsupportedVersion, Verify(SomeRelease.Manifest() with { V = 2 }, out _));

    [Fact]
    public void Refuses_signed_bytes_that_are_no_manifest()
    {
        byte[] bytes = "{\"v\":1}"u8.ToArray();
        var envelope = new SignedManifest(bytes, _key.SignData(bytes, HashAlgorithmName.SHA256), ReleaseKeys.IdOf(_key));
        Assert.Equal(ReleaseRejection.Malformed, SomeRelease.Verifier(_key).Verify(envelope, SomeRelease.Now, 0, out _));
    }

    [Fact]
    public void Refuses_a_manifest_larger_than_devices_read()
    {
        var envelope = new SignedManifest(new byte[ReleaseManifest.MaxBytes + 1], new byte[64], ReleaseKeys.IdOf(_key));
        Assert.Equal(ReleaseRejection.TooLarge, SomeRelease.Verifier(_key).Verify(envelope, SomeRelease.Now, 0, out _));
    }

    private ReleaseRejection Verify(ReleaseManifest manifest, out TrustedRelease? release, long highestRevision = 0) =>
        SomeRelease.Verifier(_key).Verify(new ReleaseSigner(_key).Sign(manifest), SomeRelease.Now, highestRevision, out release);
}
