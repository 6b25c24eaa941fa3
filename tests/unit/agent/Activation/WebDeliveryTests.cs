using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Delivery;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Delivery;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Activation;

public sealed class WebDeliveryTests : IDisposable
{
    private const string Secret = "sig=abc123";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly SomeRelease _release = SomeRelease.Make();
    private readonly BlobWebServer _server;

    public WebDeliveryTests() => _server = new BlobWebServer(_release.Blobs);

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private string Url => $"{_server.Address}/blobs/{BlobUrlTemplate.Placeholder}?{Secret}";

    [Fact]
    public async Task Installs_a_release_whose_blobs_come_from_a_web_server_alone()
    {
        _link.Disconnect();
        await using AgentRig agent = await new AgentRig(_folder.Agent, _link, _time).StartAsync();

        JobStatus end = await InstallAsync(agent, Url);

        Assert.Equal(ExecutionState.Committed, end.State);
        Assert.Equal(_release.Blobs.Count, _server.Requests.Count);
        Assert.Empty(_link.Subscribed);
    }

    [Fact]
    public async Task Turns_to_the_broker_when_the_web_server_does_not_have_the_blobs()
    {
        _release.PublishTo(_link);
        _server.Always = _ => new BlobWebServer.Answer("404 Not Found", ["Content-Length: 0"], []);
        await using AgentRig agent = await new AgentRig(_folder.Agent, _link, _time).StartAsync();

        JobStatus end = await InstallAsync(agent, Url);

        Assert.Equal(ExecutionState.Committed, end.State);
        Assert.NotEmpty(_link.Subscribed);
    }

    [Fact]
    public async Task Waits_for_a_server_that_gives_nothing_once_before_it_turns_to_the_broker()
    {
        _release.PublishTo(_link);
        _server.Always = _ => new BlobWebServer.Answer("503 Service Unavailable", ["Content-Length: 0"], []);
        await using AgentRig agent = await new AgentRig(_folder.Agent, _link, _time).StartAsync();

        JobStatus end = await InstallAsync(agent, Url);

        Assert.Equal(ExecutionState.Committed, end.State);
        Assert.Equal(HttpBlobSource.TriesWithoutProgress, _server.Requests.Count);
    }

    [Fact]
    public async Task Fails_by_name_without_telling_the_secret_when_neither_has_the_blobs()
    {
        _link.Disconnect();
        _server.Always = _ => new BlobWebServer.Answer("403 Forbidden", ["Content-Length: 0"], []);
        await using AgentRig agent = await new AgentRig(_folder.Agent, _link, _time).StartAsync();

        JobStatus end = await InstallAsync(agent, Url);

        Assert.Equal((ExecutionState.Failed, DeliveryFault.BlobForbidden), (end.State, end.Code));
        Assert.All(agent.Told, s => Assert.DoesNotContain(Secret, s.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(_folder.Agent.Execution), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_for_good_a_job_whose_URL_would_carry_blobs_in_plain_text()
    {
        await using AgentRig agent = await new AgentRig(_folder.Agent, _link, _time).StartAsync();

        JobStatus end = await InstallAsync(agent, "http://example.org/{sha256}?" + Secret);

        Assert.Equal((ExecutionState.Rejected, ReleaseStaging.BadBlobUrl), (end.State, end.Code));
        Assert.DoesNotContain(Secret, end.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_on_at_the_same_URL_after_a_restart_with_what_is_missing()
    {
        _link.Disconnect();
        TaskCompletionSource never = new();
        _server.Tricks.Enqueue(r => new BlobWebServer.Answer(
            "206 Partial Content", [$"Content-Range: bytes 0-{r.To}/{r.To + 1}"], _release.Blobs[r.Sha256][..(2 * SomeRelease.ChunkBytes)], never.Task));
        await using (AgentRig agent = await new AgentRig(_folder.Agent, _link, _time).StartAsync())
        {
            agent.Loop.Offer(_release.Offer(blobUrl: Url));
            await agent.ToldAsync(s => s.Pct >= 30);
        }

        await using AgentRig again = await new AgentRig(_folder.Agent, _link, _time).StartAsync();
        await again.ToldAsync(ExecutionState.Committed);

        Assert.Equal([0, 2 * SomeRelease.ChunkBytes], _server.Requests.Where(r => r.Sha256 == _release.Model.Sha256).Select(r => r.From));
        Assert.All(_server.Requests, r => Assert.EndsWith("?" + Secret, r.Path, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Agent.Offer));
    }

    [Fact]
    public async Task Trusts_the_authority_that_the_configuration_names_and_no_other()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=store", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        string authority = Path.Combine(_folder.Agent.Root, "store.pem");
        await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem());
        using BlobWebServer store = new(_release.Blobs, certificate);

        Assert.Equal(DeliveryFault.BlobUnreachable, (await FetchAsync(store, new DeliverySettings()))?.Code);
        Assert.Empty(store.Requests);
        Assert.Null(await FetchAsync(store, new DeliverySettings { CaFile = authority }));
    }

    private async Task<DeliveryFault?> FetchAsync(BlobWebServer store, DeliverySettings settings)
    {
        Assert.Null(BlobUrlTemplate.Read(store.Address + "/blobs/{sha256}", out BlobUrlTemplate? url));
        using HttpBlobSource source = new BlobSites(settings, new FixedRandom(0), NullLogger<BlobSites>.Instance, _time).Open(url!);
        using PartialBlob partial = new BlobShelf(_folder.Agent).OpenPartial(_release.Model, SomeRelease.ChunkBytes);
        return await source.FetchAsync(_release.Model, partial, () => { }, default);
    }

    private async Task<JobStatus> InstallAsync(AgentRig agent, string url)
    {
        agent.Loop.Offer(_release.Offer(blobUrl: url));
        return await agent.ToldAsync(s => s.State.IsFinal());
    }
}
