using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;
using Answer = InstantNet.Tests.Unit.Agent.Delivery.BlobWebServer.Answer;

namespace InstantNet.Tests.Unit.Agent.Delivery;

public sealed class HttpBlobSourceTests : IDisposable
{
    private const int Chunk = SomeRelease.ChunkBytes;
    private const string Secret = "sig=abc123";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly SomeRelease _release = SomeRelease.Make(); // Its model has five chunks and ten bytes.
    private readonly BlobWebServer _server;
    private readonly PartialBlob _partial;

    public HttpBlobSourceTests()
    {
        _server = new BlobWebServer(_release.Blobs);
        _partial = new BlobShelf(_folder.Agent).OpenPartial(_release.Model, Chunk);
    }

    public void Dispose()
    {
        _partial.Dispose();
        _server.Dispose();
        _folder.Dispose();
    }

    private byte[] Model => _release.Blobs[_release.Model.Sha256];

    private IEnumerable<(int From, int To)> Ranges => _server.Requests.Select(r => (r.From, r.To));

    [Fact]
    public async Task Fetches_a_whole_blob_with_one_request()
    {
        Assert.Null(await FetchAsync());

        Assert.Equal([(0, Model.Length - 1)], Ranges);
        Assert.True(await _partial.TryFinishAsync(default));
    }

    [Fact]
    public async Task Asks_only_for_the_runs_of_chunks_that_are_missing()
    {
        Hold(0, 4);

        Assert.Null(await FetchAsync());

        Assert.Equal([(Chunk, 4 * Chunk - 1), (5 * Chunk, Model.Length - 1)], Ranges);
        Assert.True(await _partial.TryFinishAsync(default));
    }

    [Fact]
    public async Task Goes_on_after_a_cut_connection_with_the_chunk_that_was_cut()
    {
        _server.Tricks.Enqueue(r => Cut(_server.ByTheRules(r), 2 * Chunk + 100));

        Task<DeliveryFault?> fetching = FetchAsync();
        await PassAsync(BlobSites.FirstRetry);

        Assert.Null(await fetching);
        Assert.Equal([(0, Model.Length - 1), (2 * Chunk, Model.Length - 1)], Ranges);
        Assert.True(await _partial.TryFinishAsync(default));
    }

    [Fact]
    public async Task Takes_the_whole_blob_from_a_server_that_knows_no_ranges()
    {
        Hold(0);
        _server.Always = _ => new Answer("200 OK", [$"Content-Length: {Model.Length}"], Model);

        Assert.Null(await FetchAsync());

        Assert.Single(_server.Requests);
        Assert.True(await _partial.TryFinishAsync(default));
    }

    [Theory]
    [InlineData("bytes 0-5129/5131")]
    [InlineData("bytes 1-5130/5130")]
    [InlineData("bytes 0-1023/5130")]
    [InlineData("seconds 0-5129/5130")]
    [InlineData("nonsense")]
    public async Task Refuses_another_range_than_it_asked_for(string contentRange)
    {
        _server.Always = _ => BlobWebServer.Range(Model, contentRange);

        DeliveryFault? fault = await FetchAsync();

        Assert.Equal(DeliveryFault.BlobMisserved, fault?.Code);
        Assert.Equal(0, _partial.HeldBytes);
    }

    [Fact]
    public async Task Refuses_an_answer_that_announces_more_bytes_than_the_manifest_has()
    {
        _server.Always = _ => new Answer("200 OK", [$"Content-Length: {Model.Length + 1}"], [.. Model, 1]);

        Assert.Equal(DeliveryFault.BlobMisserved, (await FetchAsync())?.Code);
        Assert.Equal(0, _partial.HeldBytes);
    }

    [Fact]
    public async Task Writes_no_byte_more_than_the_manifest_has_when_a_server_goes_on_sending()
    {
        _server.Always = _ => new Answer("200 OK", [], [.. Model, .. Model]);

        Assert.Equal(DeliveryFault.BlobMisserved, (await FetchAsync())?.Code);
        Assert.Equal(Model.Length, new FileInfo(Path.Combine(_folder.Agent.Blobs, _release.Model.Sha256 + BlobShelf.PartEnding)).Length);
    }

    [Fact]
    public async Task Refuses_a_blob_in_an_encoding_that_it_did_not_ask_for()
    {
        _server.Always = _ => new Answer("200 OK", ["Content-Encoding: gzip"], Model);

        Assert.Equal(DeliveryFault.BlobMisserved, (await FetchAsync())?.Code);
    }

    [Theory]
    [InlineData("503 Service Unavailable", 7, 7)]
    [InlineData("429 Too Many Requests", 86_400, 300)] // no longer than five minutes
    [InlineData("408 Request Timeout", 0, 1)]          // its own back-off is longer
    public async Task Waits_as_long_as_the_server_asks_within_bounds(string status, int asked, int waited)
    {
        _server.Tricks.Enqueue(_ => new Answer(status, [$"Retry-After: {asked}", "Content-Length: 0"], []));

        Task<DeliveryFault?> fetching = FetchAsync();
        await _time.TimerSetAsync(TimeSpan.FromSeconds(waited));
        Assert.Single(_server.Requests);
        _time.Advance(TimeSpan.FromSeconds(waited));

        Assert.Null(await fetching);
    }

    [Theory]
    [InlineData("404 Not Found", DeliveryFault.BlobNotFound)]
    [InlineData("410 Gone", DeliveryFault.BlobNotFound)]
    [InlineData("403 Forbidden", DeliveryFault.BlobForbidden)]
    [InlineData("401 Unauthorized", DeliveryFault.BlobForbidden)]
    [InlineData("416 Range Not Satisfiable", DeliveryFault.BlobRefused)]
    public async Task Names_what_asking_again_cannot_mend_without_the_secret_in_the_URL(string status, string code)
    {
        _server.Always = _ => new Answer(status, ["Content-Length: 0"], []);

        DeliveryFault? fault = await FetchAsync();

        Assert.Equal(code, fault?.Code);
        Assert.Contains(new Uri(_server.Address).Authority, fault!.Detail, StringComparison.Ordinal);
        Assert.Contains(status[..3], fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.Detail, StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Gives_a_server_up_for_now_that_brings_nothing_in_six_tries()
    {
        _server.Always = r => Cut(_server.ByTheRules(r), Chunk - 1);

        DeliveryFault? fault = await FetchAsync(share: 0);

        Assert.Equal(DeliveryFault.BlobUnreachable, fault?.Code);
        Assert.Equal(HttpBlobSource.TriesWithoutProgress, _server.Requests.Count);
    }

    [Fact]
    public async Task Does_not_give_up_a_server_that_brings_one_chunk_each_time()
    {
        _server.Always = r => Cut(_server.ByTheRules(r), Chunk + 1);

        Assert.Null(await FetchAsync(share: 0));
        Assert.Equal(6, _server.Requests.Count);
    }

    [Fact]
    public async Task Ends_a_request_that_says_nothing_for_half_a_minute()
    {
        TaskCompletionSource never = new(), arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Tricks.Enqueue(r => Cut(_server.ByTheRules(r), Chunk + 1) with { StaysOpen = never.Task });

        Task<DeliveryFault?> fetching = FetchAsync(share: 0, arrived: () => arrived.TrySetResult());
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _time.Advance(HttpRangeReader.IdleAfter);

        Assert.Null(await fetching);
        Assert.Equal([0, Chunk], _server.Requests.Select(r => r.From));
    }

    [Fact]
    public async Task Paces_itself_and_asks_for_no_more_than_ten_seconds_carry()
    {
        // Half a chunk a second: the bucket begins with half a chunk, and ten seconds carry five of them.
        Task<DeliveryFault?> fetching = FetchAsync(maxBytesPerSecond: Chunk / 2);
        foreach (int seconds in new[] { 1, 2, 2, 2, 2 })
            await PassAsync(TimeSpan.FromSeconds(seconds));
        await PassAsync(TimeSpan.FromMilliseconds(19)); // The ten bytes left take 19.5 ms; timers count whole milliseconds.

        Assert.Null(await fetching);
        Assert.Equal([(0, 5 * Chunk - 1), (5 * Chunk, Model.Length - 1)], Ranges);
    }

    [Fact]
    public async Task Follows_a_redirect_but_not_off_the_machine_without_TLS()
    {
        _server.Tricks.Enqueue(r => new Answer("302 Found", [$"Location: /elsewhere/{r.Sha256}", "Content-Length: 0"], []));
        Assert.Null(await FetchAsync());
        Assert.StartsWith("/elsewhere/", _server.Requests[1].Path, StringComparison.Ordinal);

        using PartialBlob other = new BlobShelf(_folder.Agent).OpenPartial(_release.Manifest.Golden.Frames, Chunk);
        _server.Tricks.Enqueue(_ => new Answer("302 Found", ["Location: http://example.org/blob", "Content-Length: 0"], []));
        using HttpBlobSource source = Source();
        DeliveryFault? fault = await source.FetchAsync(_release.Manifest.Golden.Frames, other, () => { }, default);
        Assert.Equal(DeliveryFault.BlobRefused, fault?.Code);
        Assert.Contains("example.org", fault!.Detail, StringComparison.Ordinal);
    }

    private async Task PassAsync(TimeSpan wait)
    {
        await _time.TimerSetAsync(wait);
        _time.Advance(wait);
    }

    private static Answer Cut(Answer answer, int bytes) => answer with { Body = answer.Body[..Math.Min(bytes, answer.Body.Length)] };

    private void Hold(params int[] chunks)
    {
        foreach (int i in chunks)
            Assert.True(_partial.TryWrite(i, Model.AsSpan(i * Chunk, _partial.ChunkLength(i))));
    }

    private HttpBlobSource Source(double share = 1, long maxBytesPerSecond = 0)
    {
        Assert.Null(BlobUrlTemplate.Read($"{_server.Address}/blobs/{BlobUrlTemplate.Placeholder}?{Secret}", out BlobUrlTemplate? url));
        BlobSites sites = new(
            new DeliverySettings { MaxBytesPerSecond = maxBytesPerSecond }, new FixedRandom(share), NullLogger<BlobSites>.Instance, _time);
        return sites.Open(url!);
    }

    private async Task<DeliveryFault?> FetchAsync(double share = 1, long maxBytesPerSecond = 0, Action? arrived = null)
    {
        using HttpBlobSource source = Source(share, maxBytesPerSecond);
        return await source.FetchAsync(_release.Model, _partial, arrived ?? (() => { }), default);
    }
}
