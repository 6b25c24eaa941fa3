using System.Text;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Releases;

namespace InstantNet.Tests.Unit.Controller.Releases;

public sealed class ReleaseExportTests : IDisposable
{
    private static readonly byte[] Desired = Encoding.UTF8.GetBytes("{}");
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-export-");
    private readonly string _target;
    private readonly ReleaseManifest _manifest = SomeRelease.Manifest();
    private readonly SignedManifest _envelope;
    private readonly Dictionary<string, byte[]> _blobs = SomeRelease.Blobs.ToDictionary(b => BlobHash.Of(b).Sha256);

    public ReleaseExportTests()
    {
        _target = Path.Combine(_root.FullName, "export");
        DataFolder data = new(Path.Combine(_root.FullName, "controller"));
        ReleaseKeyRing.EnsureSigningKey(data);
        _envelope = SomeRelease.Sign(_manifest, data.SigningKey);
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Writes_blobs_and_manifest_under_their_digests_with_signature_and_desired_properties()
    {
        ReleaseExport export = Export();

        IReadOnlyList<string> names = await export.WriteAsync(_target, default);

        Assert.Equal(names, Directory.GetFiles(_target).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        foreach ((string sha256, byte[] content) in _blobs)
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_target, sha256)));
        Assert.Equal(BlobHash.Of(_envelope.Manifest), export.Manifest);
        Assert.Equal(_envelope.Manifest, await File.ReadAllBytesAsync(Path.Combine(_target, export.Manifest.Sha256)));
        Assert.Equal(_envelope.Signature, await File.ReadAllBytesAsync(Path.Combine(_target, export.Manifest.Sha256 + ".sig")));
        Assert.Equal(Desired, await File.ReadAllBytesAsync(Path.Combine(_target, "desired.json")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_target, "desired.json")));
        Assert.Equal(["controller", "export"], Directory.GetDirectories(_root.FullName).Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public async Task Takes_the_place_of_an_earlier_export_but_of_nothing_else()
    {
        await Export().WriteAsync(_target, default);
        await Export().WriteAsync(_target, default);

        string diary = Path.Combine(_target, "diary.txt");
        await File.WriteAllTextAsync(diary, "mine");
        IOException refusal = await Assert.ThrowsAsync<IOException>(() => Export().WriteAsync(_target, default));

        Assert.Contains("diary.txt", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(diary));
    }

    [Fact]
    public async Task Leaves_nothing_behind_when_a_blob_is_damaged()
    {
        _blobs[_manifest.Golden.Frames.Sha256] = [1, 2, 3];

        InvalidDataException damage = await Assert.ThrowsAsync<InvalidDataException>(() => Export().WriteAsync(_target, default));

        Assert.Contains(_manifest.Golden.Frames.Sha256, damage.Message, StringComparison.Ordinal);
        Assert.Equal(["controller"], Directory.GetDirectories(_root.FullName).Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void Desired_properties_hold_twin_and_job_as_devices_read_them()
    {
        JsonElement section = JsonDocument.Parse(Document("https://example.org/{sha256}?sig=a").ToJson()).RootElement.GetProperty("instantnet");

        DesiredTwin? twin = section.GetProperty("twin").Deserialize(WireJson.Default.DesiredTwin);
        Assert.Equal((1, PolicyMode.Auto, 60), (twin!.Version, twin.Policy.Mode, twin.Policy.MaxSwitchesPerMinute));
        TwinJob job = section.GetProperty("job").Deserialize(WireJson.Default.TwinJob)!;
        Assert.Equal((BlobHash.Of(_envelope.Manifest), "https://example.org/{sha256}?sig=a"), (job.Manifest, job.BlobUrl));
        Assert.Equal(_envelope.Signature, job.Signature);
        Assert.Equal(["v", "job", "attempt", "deadline", "manifest", "signature", "keyId", "blobUrl"], section.GetProperty("job").EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public void Desired_properties_beyond_the_limits_of_a_twin_are_refused()
    {
        Assert.NotEmpty(Document(new string('a', TwinLimits.MaxTextBytes)).ToJson());

        Assert.StartsWith(
            "instantnet.job.blobUrl has more than 4096",
            Assert.Throws<InvalidDataException>(() => Document(new string('a', TwinLimits.MaxTextBytes + 1)).ToJson()).Message, StringComparison.Ordinal);
        Assert.Contains(
            "32768", Assert.Throws<InvalidDataException>(() => Document(new string('a', TwinLimits.MaxBytes)).ToJson()).Message, StringComparison.Ordinal);
    }

    private HubDesired Document(string blobUrl) => new(new HubDesiredSection(
        new DesiredTwin(DesiredTwin.MessageVersion, 1, PrecisionPolicy.Default),
        new TwinJob(TwinJob.MessageVersion, WireId.Parse("rel-1"), 1, SomeFleet.Now, BlobHash.Of(_envelope.Manifest), _envelope.Signature, _envelope.KeyId, blobUrl)));

    private ReleaseExport Export() => new(
        _envelope, _manifest, Desired, async (blob, target, stop) => await target.WriteAsync(_blobs[blob.Sha256], stop));
}
