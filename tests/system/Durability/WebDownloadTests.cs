using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.System.Mqtt;
using InstantNet.Tests.Unit.Agent.Delivery;

namespace InstantNet.Tests.System.Durability;

/// <summary>Blobs from a web server, to the real agent.</summary>
public sealed class WebDownloadTests(MosquittoFixture broker) : IClassFixture<MosquittoFixture>
{
    private const string Device = "web-1";
    private const int BytesPerSecond = 1500, MapHeaderBytes = 20;

    [Fact]
    public async Task An_agent_killed_in_a_download_asks_the_web_server_only_for_what_it_lacks()
    {
        DeviceRelease release = new(1);
        using BlobWebServer server = new(release.Blobs);
        await using DeviceProcess agent = new(
            Device, broker.Port, c => c["delivery"] = new JsonObject { ["maxBytesPerSecond"] = BytesPerSecond });
        await using DeviceWire wire = await DeviceWire.ConnectAsync(broker, Device);
        agent.Start();
        JobOffer offer = release.Offer("job-1", TimeProvider.System.GetUtcNow().AddDays(1));
        await wire.OfferAsync(offer with { BlobUrl = server.Address + "/blobs/{sha256}?sig=secret" });
        await wire.HearAsync<JobStatus>(s => s is { State: ExecutionState.Downloading, Pct: >= 30 });

        await agent.KillAsync();
        long missing = release.Blobs.Sum(b => MissingOf(agent, b.Key, b.Value.Length));
        int before = server.Requests.Count;
        agent.Start();

        Assert.Equal(ExecutionState.Committed, (await wire.HearAsync<JobStatus>(s => s.State.IsFinal())).State);
        Assert.InRange(missing, 1, release.Blobs.Values.Sum(b => (long)b.Length) * 7 / 10);
        Assert.Equal(missing, server.Requests.Skip(before).Sum(r => (long)r.To - r.From + 1));
        Assert.DoesNotContain("secret", agent.LastWords, StringComparison.Ordinal);
        Assert.Equal(0, await agent.StopAsync());
    }

    /// <summary>Bytes of a blob that are not on the agent's disk.</summary>
    private static long MissingOf(DeviceProcess agent, string sha256, int size)
    {
        string path = Path.Combine(agent.Data, "blobs", sha256), map = path + ".map";
        if (!File.Exists(map))
            return File.Exists(path) ? 0 : size;
        byte[] held = File.ReadAllBytes(map)[MapHeaderBytes..];
        return held.Select((h, i) => h == 0 ? Math.Min(DeviceRelease.ChunkBytes, size - i * DeviceRelease.ChunkBytes) : 0).Sum();
    }
}
