using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Delivery;

public sealed class BlobDeliveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly SomeRelease _release = SomeRelease.Make();
    private readonly BlobShelf _shelf;
    private readonly List<int> _progress = [];

    public BlobDeliveryTests()
    {
        _shelf = new BlobShelf(_folder.Agent);
        _release.PublishTo(_link);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Brings_every_blob_of_a_release_onto_the_disk_and_ends_all_subscriptions()
    {
        Assert.Null(await FetchAsync());

        foreach ((string sha256, byte[] content) in _release.Blobs)
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_folder.Agent.Blobs, sha256)));
        Assert.Empty(_link.ActiveFilters);
        Assert.Equal(_release.Blobs.Count, Directory.GetFiles(_folder.Agent.Blobs).Length);
        Assert.Equal(100, _progress[^1]);
        Assert.Equal(_progress.Order().Distinct(), _progress);
    }

    [Fact]
    public async Task Never_asks_for_more_chunks_at_once_than_the_window()
    {
        foreach (string topic in _link.Retained.Keys)
            _link.Withheld[topic] = true;
        Task<DeliveryFault?> fetching = FetchAsync(window: 2);
        int most = 0;
        while (!fetching.IsCompleted)
        {
            most = Math.Max(most, _link.ActiveFilters.Count);
            foreach (string topic in _link.ActiveFilters)
                await _link.ReleaseAsync(topic);
            await Task.Yield();
        }

        Assert.Null(await fetching);
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Asks_again_for_a_chunk_that_was_lost()
    {
        string lost = SomeRelease.Topics.Chunk(_release.Model.Sha256, 3);
        _link.Losses[lost] = 1;

        Task<DeliveryFault?> fetching = FetchAsync();
        await _time.TimerSetAsync(ChunkFetcher.AskAgainAfter);
        _time.Advance(ChunkFetcher.AskAgainAfter);

        Assert.Null(await fetching);
        Assert.Equal(2, _link.Subscribed.Count(t => t == lost));
    }

    [Fact]
    public async Task Takes_chunks_in_any_order_and_more_than_once()
    {
        _link.Copies = 2;
        string[] model = Enumerable.Range(0, 6).Select(n => SomeRelease.Topics.Chunk(_release.Model.Sha256, n)).ToArray();
        foreach (string topic in model)
            _link.Withheld[topic] = true;

        Task<DeliveryFault?> fetching = FetchAsync();
        foreach (string topic in model.Reverse())
            await _link.ReleaseAsync(topic);

        Assert.Null(await fetching);
        Assert.True(await BlobHash.MatchesAsync(_shelf.PathOf(_release.Model), _release.Model, default));
    }

    [Fact]
    public async Task Goes_on_after_a_kill_with_only_the_chunks_that_are_missing()
    {
        // What a killed agent leaves: an open partial file, never closed in order.
        using (PartialBlob left = _shelf.OpenPartial(_release.Model, SomeRelease.ChunkBytes))
        {
            byte[] content = _release.Blobs[_release.Model.Sha256];
            Assert.True(left.TryWrite(0, content.AsSpan(0, SomeRelease.ChunkBytes)));
            Assert.True(left.TryWrite(4, content.AsSpan(4 * SomeRelease.ChunkBytes, SomeRelease.ChunkBytes)));
        }

        Assert.Null(await FetchAsync());

        int[] asked = _link.Subscribed.Where(t => t.Contains(_release.Model.Sha256, StringComparison.Ordinal)).Select(t => t[^1] - '0').Order().ToArray();
        Assert.Equal([1, 2, 3, 5], asked);
    }

    [Fact]
    public async Task Cancelling_leaves_what_arrived_and_no_subscription()
    {
        string withheld = SomeRelease.Topics.Chunk(_release.Model.Sha256, 2);
        _link.Withheld[withheld] = true;
        using CancellationTokenSource stop = new();
        Task<DeliveryFault?> fetching = FetchAsync(stop: stop.Token);
        await _time.TimerSetAsync(ChunkFetcher.AskAgainAfter);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.Empty(_link.ActiveFilters);
        using PartialBlob left = _shelf.OpenPartial(_release.Model, SomeRelease.ChunkBytes);
        Assert.Equal([2], left.Missing());
    }

    [Fact]
    public async Task Does_not_fetch_a_blob_that_is_there_already()
    {
        Assert.Null(await FetchAsync());
        _link.Subscribed.Clear();

        Assert.Null(await FetchAsync());

        Assert.Empty(_link.Subscribed);
    }

    [Fact]
    public async Task Fetches_a_blob_again_whose_file_was_damaged()
    {
        Assert.Null(await FetchAsync());
        await using (FileStream file = File.OpenWrite(_shelf.PathOf(_release.Model)))
            file.WriteByte((byte)(_release.Blobs[_release.Model.Sha256][0] ^ 1));

        Assert.Null(await FetchAsync());

        Assert.True(await BlobHash.MatchesAsync(_shelf.PathOf(_release.Model), _release.Model, default));
    }

    [Fact]
    public async Task Gives_a_blob_up_by_name_when_it_never_matches_its_digest()
    {
        string topic = SomeRelease.Topics.Chunk(_release.Model.Sha256, 1);
        _link.Retained[topic][7] ^= 1;

        DeliveryFault? fault = await FetchAsync();

        Assert.Equal(DeliveryFault.BlobCorrupt, fault?.Code);
        Assert.Contains(_release.Model.Sha256, fault!.Detail, StringComparison.Ordinal);
        Assert.Equal(BlobDelivery.WholeAttempts, _link.Subscribed.Count(t => t == topic));
        Assert.False(File.Exists(_shelf.PathOf(_release.Model)));
    }

    [Fact]
    public async Task Ignores_a_chunk_that_is_too_long_and_counts_it()
    {
        string topic = SomeRelease.Topics.Chunk(_release.Model.Sha256, 1);
        byte[] right = _link.Retained[topic];
        _link.Retained[topic] = new byte[SomeRelease.ChunkBytes + 1];
        ChunkFetcher chunks = Chunks();

        Task<DeliveryFault?> fetching = FetchAsync(chunks);
        await _time.TimerSetAsync(ChunkFetcher.AskAgainAfter);
        _link.Retained[topic] = right;
        await _link.ReleaseAsync(topic);

        Assert.Null(await fetching);
        Assert.Equal(1, chunks.Ignored);
    }

    [Fact]
    public async Task Says_when_the_broker_refuses_a_chunk()
    {
        string topic = SomeRelease.Topics.Chunk(_release.Model.Sha256, 1);
        _link.Refused.Add(topic);

        DeliveryFault? fault = await FetchAsync();

        Assert.Equal(DeliveryFault.BlobRefused, fault?.Code);
        Assert.Contains(topic, fault!.Detail, StringComparison.Ordinal);
        Assert.Empty(_link.ActiveFilters);
    }

    [Fact]
    public async Task Paces_a_metered_link_to_its_rate()
    {
        // 2 chunks a second: the first two are in the bucket, the six of the model need four more, half a second each.
        Task<DeliveryFault?> fetching = FetchAsync(Chunks(window: 1, maxBytesPerSecond: 2 * SomeRelease.ChunkBytes), [_release.Model]);
        TimeSpan half = TimeSpan.FromSeconds(0.5);
        for (int expected = 2; expected < 5; expected++)
        {
            await _time.TimerSetAsync(half);
            Assert.Equal(expected, _link.Subscribed.Count);
            _time.Advance(half);
        }

        TimeSpan last = TimeSpan.FromMilliseconds(4); // The ten bytes left take 4.9 ms; timers count whole milliseconds.
        await _time.TimerSetAsync(last);
        _time.Advance(last);
        Assert.Null(await fetching);
    }

    [Fact]
    public async Task Says_how_much_room_a_release_needs_that_the_disk_does_not_have()
    {
        BlobRef huge = new(new string('a', 64), long.MaxValue / 2);

        DeliveryFault? fault = await Delivery(Chunks()).CheckSpaceAsync([huge], default);

        Assert.Equal(DeliveryFault.NoSpace, fault?.Code);
    }

    [Fact]
    public void Collecting_keeps_what_is_needed_whole_partial_or_optimised()
    {
        Directory.CreateDirectory(_folder.Agent.Optimized);
        string optimised = Path.Combine(_folder.Agent.Optimized, _release.Model.Sha256 + "-1.30.0-avx2.onnx");
        File.WriteAllText(optimised, "");
        File.WriteAllText(Path.Combine(_folder.Agent.Optimized, new string('d', 64) + "-1.30.0-avx2.onnx.sha256"), "");
        string kept = Path.Combine(_folder.Agent.Blobs, _release.Model.Sha256);
        File.WriteAllText(kept + BlobShelf.PartEnding, "");
        File.WriteAllText(Path.Combine(_folder.Agent.Blobs, new string('b', 64)), "");
        File.WriteAllText(Path.Combine(_folder.Agent.Blobs, new string('c', 64) + BlobShelf.MapEnding), "");

        Assert.Equal(3, _shelf.Collect([_release.Model]));

        Assert.Equal([kept + BlobShelf.PartEnding], Directory.GetFiles(_folder.Agent.Blobs));
        Assert.Equal([optimised], Directory.GetFiles(_folder.Agent.Optimized));
    }

    private ChunkFetcher Chunks(int window = 8, long maxBytesPerSecond = 0) => new(
        _link, SomeRelease.Topics, new DeliverySettings { WindowChunks = window, MaxBytesPerSecond = maxBytesPerSecond },
        NullLogger<ChunkFetcher>.Instance, _time);

    private Task<DeliveryFault?> FetchAsync(int window = 8, CancellationToken stop = default) => FetchAsync(Chunks(window), stop: stop);

    private Task<DeliveryFault?> FetchAsync(ChunkFetcher chunks, IReadOnlyList<BlobRef>? blobs = null, CancellationToken stop = default) =>
        Delivery(chunks).FetchAsync(
            blobs ?? _release.Trusted().BlobsFor(SomeRelease.DeviceClass), SomeRelease.ChunkBytes, url: null, _progress.Add, stop);

    private BlobDelivery Delivery(ChunkFetcher chunks) => new(
        _shelf, chunks, new BlobSites(new DeliverySettings(), new FixedRandom(0), NullLogger<BlobSites>.Instance, _time), NullLogger<BlobDelivery>.Instance);
}
