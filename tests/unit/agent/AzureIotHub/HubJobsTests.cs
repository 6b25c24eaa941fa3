using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Agent.Delivery;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

public sealed class HubJobsTests : IAsyncLifetime
{
    private static readonly byte[] Manifest = [1, 2, 3];

    private readonly ManualTime _time = new();
    private readonly Board _board = new();
    private readonly Source _source = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HubJobs _jobs;
    private readonly Task _running;

    public HubJobsTests()
    {
        _jobs = new HubJobs(_source, _board, NullLogger<HubJobs>.Instance, _time);
        _running = _jobs.RunAsync(_stop.Token);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_job_is_offered_once_its_manifest_is_there()
    {
        _jobs.Set(Raw());
        Assert.Equal("Queued", await _board.NextAsync());
        (BlobRef asked, TaskCompletionSource<(byte[]?, DeliveryFault?)> answer) = await _source.NextAsync();
        Assert.Equal(BlobHash.Of(Manifest), asked);

        answer.SetResult((Manifest, null));

        Assert.Equal("offered job-1 1 http://127.0.0.1/{sha256} 3", await _board.NextAsync());
    }

    [Fact]
    public async Task The_same_job_again_changes_nothing_and_another_takes_its_place()
    {
        _jobs.Set(Raw());
        await _source.NextAsync();
        _jobs.Set(Raw());
        _jobs.Set(Raw(job => job["attempt"] = 2));

        (_, TaskCompletionSource<(byte[]?, DeliveryFault?)> answer) = await _source.NextAsync();
        answer.SetResult((Manifest, null));

        Assert.Equal("Queued", await _board.NextAsync());
        Assert.Equal("Queued", await _board.NextAsync());
        Assert.Equal("offered job-1 2 http://127.0.0.1/{sha256} 3", await _board.NextAsync());
    }

    [Fact]
    public async Task A_deleted_job_is_taken_back_also_when_none_was_known()
    {
        _jobs.Set(null);
        Assert.Equal("withdrawn", await _board.NextAsync());

        _jobs.Set(Raw());
        await _source.NextAsync();
        _jobs.Set(null);

        Assert.Equal("Queued", await _board.NextAsync());
        Assert.Equal("withdrawn", await _board.NextAsync());
    }

    [Fact]
    public async Task A_manifest_that_cannot_be_had_fails_the_job()
    {
        _jobs.Set(Raw());
        (_, TaskCompletionSource<(byte[]?, DeliveryFault?)> answer) = await _source.NextAsync();

        answer.SetResult((null, new DeliveryFault(DeliveryFault.BlobCorrupt, "It never matched.")));

        Assert.Equal("Queued", await _board.NextAsync());
        Assert.Equal("Failed BlobCorrupt It never matched.", await _board.NextAsync());
    }

    [Fact]
    public async Task A_manifest_that_does_not_come_before_the_deadline_times_the_job_out()
    {
        _jobs.Set(Raw(job => job["deadline"] = _time.GetUtcNow().AddMinutes(5)));
        await _source.NextAsync();

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("Queued", await _board.NextAsync());
        Assert.Equal("TimedOut DeadlinePassed The manifest could not be fetched before the job's deadline.", await _board.NextAsync());
    }

    [Fact]
    public async Task A_job_that_was_done_before_a_restart_is_offered_again_but_its_lost_manifest_says_nothing()
    {
        _board.Status = new JobStatus(1, WireId.Parse("job-1"), 1, null, ExecutionState.Committed, null, null, null, 0, _time.GetUtcNow());
        _jobs.Set(Raw());
        (_, TaskCompletionSource<(byte[]?, DeliveryFault?)> answer) = await _source.NextAsync();
        answer.SetResult((null, new DeliveryFault(DeliveryFault.BlobCorrupt, "Gone.")));
        _jobs.Set(Raw(job => job["keyId"] = "other"));
        (_, answer) = await _source.NextAsync();
        answer.SetResult((Manifest, null));

        Assert.Equal("offered job-1 1 http://127.0.0.1/{sha256} 3", await _board.NextAsync());
    }

    [Theory]
    [InlineData("v", "2", "v is 2: this agent reads 1.")]
    [InlineData("attempt", "0", "attempt is 0: 1 or more is accepted.")]
    [InlineData("manifest", "null", "manifest is missing: sha256 and size are needed.")]
    [InlineData("manifest", "{}", "manifest is missing: sha256 and size are needed.")]
    [InlineData("manifest", "{\"sha256\":\"ab\",\"size\":3}", "manifest.sha256 is not 64 lower-case hexadecimal digits.")]
    [InlineData("manifest", "{\"sha256\":\"ab\",\"size\":262145}", "manifest.size is 262145: 1 to 262144 bytes are accepted.")]
    [InlineData("signature", "null", "signature is missing.")]
    [InlineData("keyId", "null", "keyId is missing.")]
    [InlineData("blobUrl", "null", "blobUrl is missing: Azure IoT Hub carries no blobs.")]
    [InlineData("blobUrl", "\"http://example.org/{sha256}\"", "The scheme of the blob URL is http: https is accepted, and http to a loopback address.")]
    public async Task A_job_that_cannot_be_understood_is_rejected_with_the_reason(string member, string value, string sentence)
    {
        _jobs.Set(Raw(job =>
        {
            job.Remove(member);
            if (JsonNode.Parse(value) is { } node)
                job[member] = node;
        }));

        Assert.Equal($"Rejected MalformedJob {sentence}", await _board.NextAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"v":1,"job":"Not An Id"}""")]
    [InlineData("""{"v":"one","job":"job-1"}""")]
    public async Task A_job_without_a_name_is_nobodys_and_the_next_is_taken(string raw)
    {
        _jobs.Set((JsonObject)JsonNode.Parse(raw)!);
        _jobs.Set(Raw());

        Assert.Equal("Queued", await _board.NextAsync());
    }

    private JsonObject Raw(Action<JsonObject>? change = null)
    {
        TwinJob job = new(
            TwinJob.MessageVersion, WireId.Parse("job-1"), 1, _time.GetUtcNow().AddDays(100), BlobHash.Of(Manifest), [4, 5], "key", "http://127.0.0.1/{sha256}");
        JsonObject raw = (JsonObject)JsonSerializer.SerializeToNode(job, WireJson.Default.TwinJob)!;
        change?.Invoke(raw);
        return raw;
    }

    private sealed class Source : IManifestSource
    {
        private readonly Channel<(BlobRef, TaskCompletionSource<(byte[]?, DeliveryFault?)>)> _asked =
            Channel.CreateUnbounded<(BlobRef, TaskCompletionSource<(byte[]?, DeliveryFault?)>)>();

        public Task<(byte[]? Manifest, DeliveryFault? Fault)> FetchAsync(BlobRef manifest, string blobUrl, CancellationToken cancellationToken)
        {
            TaskCompletionSource<(byte[]?, DeliveryFault?)> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Writer.TryWrite((manifest, answer));
            return answer.Task.WaitAsync(cancellationToken);
        }

        public async Task<(BlobRef Asked, TaskCompletionSource<(byte[]?, DeliveryFault?)> Answer)> NextAsync() =>
            await _asked.Reader.ReadAsync().AsTask().WaitAsync(FakeHub.Patience);
    }

    private sealed class Board : IJobBoard
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();

        public JobStatus? Status { get; set; }

        public ValueTask OfferAsync(JobOffer offer, CancellationToken cancellationToken) =>
            _told.Writer.WriteAsync($"offered {offer.Job} {offer.Attempt} {offer.BlobUrl} {offer.Manifest.Length}", CancellationToken.None);

        public ValueTask WithdrawAsync(CancellationToken cancellationToken) => _told.Writer.WriteAsync("withdrawn", CancellationToken.None);

        public ValueTask PostAsync(JobStatus status, CancellationToken cancellationToken) => _told.Writer.WriteAsync(
            status.State == ExecutionState.Queued ? "Queued" : $"{status.State} {status.Code} {status.Detail}", CancellationToken.None);

        public async Task<string> NextAsync() => await _told.Reader.ReadAsync().AsTask().WaitAsync(FakeHub.Patience);
    }
}
