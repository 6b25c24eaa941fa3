using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.System.Mqtt;

namespace InstantNet.Tests.System.Durability;

/// <summary>Brokers that replay, lie, forget, vanish and refuse: the real agent serves its last good release through all of it, and says what is wrong.</summary>
public sealed class BrokerTroubleTests(MosquittoFixture broker) : IClassFixture<MosquittoFixture>
{
    private const string Device = "troubled-1";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_broker_that_replays_lies_dies_and_refuses_never_stops_the_last_good_release()
    {
        await using DeviceProcess agent = new(Device, broker.Port);
        DeviceRelease next = new(3);
        await using (DeviceWire wire = await DeviceWire.ConnectAsync(broker, Device))
        {
            agent.Start();
            await InstallAsync(wire, new DeviceRelease(2), "job-1");
            await ReplayAsync(wire, new DeviceRelease(1));
            await ServesOnAsync(agent);
            await LieAsync(wire);
            await ServesOnAsync(agent);

            foreach ((string topic, byte[] chunk) in next.Chunks(wire.Topics).SkipLast(1))
                await wire.PublishAsync(topic, chunk);
            await wire.OfferAsync(next.Offer("job-2", Tomorrow));
            await wire.HearAsync<JobStatus>(s => s.Job.Value == "job-2" && s is { State: ExecutionState.Downloading, Pct: > 0 });
        }

        // In the middle of the download; nothing that was retained survives.
        await broker.KillAsync();
        JsonNode alone = await UntilAsync(agent, s => !(bool)s["connected"]!);
        Assert.Equal("Downloading", (string?)alone["execution"]!["state"]);
        await ServesOnAsync(agent);
        await broker.StartAsync();
        await using (DeviceWire wire = await DeviceWire.ConnectAsync(broker, Device))
        {
            await wire.PublishAsync(next);
            Assert.Equal(ExecutionState.Committed, (await wire.HearAsync<JobStatus>(s => s.Job.Value == "job-2" && s.State.IsFinal())).State);
        }

        // The device's account is gone.
        await broker.KillAsync();
        broker.ExtraConfiguration = "allow_anonymous false";
        await broker.StartAsync();
        JsonNode refused = await UntilAsync(agent, s => ((string?)s["link"])!.Contains("authorized", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("r3", (string?)refused["serving"]!["release"]);
        Assert.Contains("authorized", agent.LastWords, StringComparison.OrdinalIgnoreCase);
        await ServesOnAsync(agent);
        Assert.Equal(0, await agent.StopAsync());
    }

    private static DateTimeOffset Tomorrow => TimeProvider.System.GetUtcNow().AddDays(1);

    private static async Task InstallAsync(DeviceWire wire, DeviceRelease release, string job)
    {
        await wire.PublishAsync(release);
        await wire.OfferAsync(release.Offer(job, Tomorrow));
        await wire.HearAsync<JobStatus>(s => s.Job.Value == job && s.State == ExecutionState.Committed);
    }

    /// <summary>A release that was good once.</summary>
    private static async Task ReplayAsync(DeviceWire wire, DeviceRelease old)
    {
        await wire.PublishAsync(old);
        await wire.OfferAsync(old.Offer("job-0", Tomorrow));
        JobStatus end = await wire.HearAsync<JobStatus>(s => s.Job.Value == "job-0" && s.State.IsFinal());
        Assert.Equal((ExecutionState.Rejected, "OlderThanInstalled"), (end.State, end.Code));
    }

    /// <summary>What no controller would say, on every topic that the device listens to.</summary>
    private static async Task LieAsync(DeviceWire wire)
    {
        WireId device = WireId.Parse(Device);
        byte[][] lies =
        [
            "null"u8.ToArray(), "[]"u8.ToArray(), "{\"v\":1}"u8.ToArray(), Encoding.UTF8.GetBytes(new string('[', 100_000)),
            "{\"v\":1,\"version\":9223372036854775807,\"policy\":{\"mode\":\"pin\",\"pin\":1e400}}"u8.ToArray(),
            "{\"v\":1,\"job\":\"../../etc\",\"attempt\":1,\"manifest\":\"\",\"signature\":\"\",\"keyId\":\"\"}"u8.ToArray(),
            RandomNumberGenerator.GetBytes(500_000),
        ];
        foreach (byte[] lie in lies)
        {
            foreach (string topic in (string[])[wire.Topics.Job(device), wire.Topics.DesiredTwin(device), wire.Topics.Command(device, "dance")])
                await wire.PublishAsync(topic, lie);
        }
    }

    private static async Task ServesOnAsync(DeviceProcess agent)
    {
        long frames = (long)(await agent.StatusAsync())["frames"]!["done"]!;
        JsonNode later = await UntilAsync(agent, s => (long)s["frames"]!["done"]! > frames);
        Assert.Equal((string?)later["lastGood"], (string?)later["serving"]!["release"]);
    }

    private static async Task<JsonNode> UntilAsync(DeviceProcess agent, Func<JsonNode, bool> holds)
    {
        using CancellationTokenSource patience = new(Limit);
        while (true)
        {
            JsonNode status = await agent.StatusAsync();
            if (holds(status))
                return status;
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
