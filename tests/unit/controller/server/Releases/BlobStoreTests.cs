using System.Text;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Hosting;
using InstantNet.Controller.Releases;

namespace InstantNet.Tests.Unit.Controller.Releases;

public sealed class BlobStoreTests : IDisposable
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("eight bits are enough for most");
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("instantnet-blobs-");
    private readonly DataFolder _folder;
    private readonly BlobStore _store;

    public BlobStoreTests()
    {
        _folder = new DataFolder(_root.FullName);
        _folder.Prepare();
        _store = new BlobStore(_folder);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _root.Delete(recursive: true);
    }

    [Fact]
    public async Task Keeps_a_blob_under_its_hash()
    {
        BlobRef blob = BlobHash.Of(Content);

        BlobReceipt receipt = await _store.PutAsync(blob.Sha256, new MemoryStream(Content), CancellationToken.None);

        Assert.Equal(BlobReceipt.Stored, receipt);
        Assert.True(_store.Holds(blob));
        Assert.Equal(Content, await File.ReadAllBytesAsync(_store.PathOf(blob.Sha256)));
        Assert.Equal(BlobReceipt.AlreadyHeld, await _store.PutAsync(blob.Sha256, new MemoryStream(Content), CancellationToken.None));
    }

    [Fact]
    public async Task Refuses_a_wrong_hash_and_keeps_nothing()
    {
        BlobReceipt receipt = await _store.PutAsync(new string('a', 64), new MemoryStream(Content), CancellationToken.None);

        Assert.Equal(BlobReceipt.WrongHash, receipt);
        Assert.Empty(Directory.GetFiles(_folder.Blobs));
    }

    [Fact]
    public async Task Keeps_nothing_of_an_upload_that_breaks_off()
    {
        await Assert.ThrowsAsync<IOException>(() => _store.PutAsync(BlobHash.Of(Content).Sha256, new BreakingStream(), CancellationToken.None));

        Assert.Empty(Directory.GetFiles(_folder.Blobs));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_name_that_is_no_digest_never_becomes_a_path(string name) => Assert.Throws<ArgumentException>(() => _store.PathOf(name));

    private sealed class BreakingStream() : MemoryStream(Content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == 0 ? base.ReadAsync(buffer[..4], cancellationToken) : throw new IOException("The line is cut.");
    }
}
