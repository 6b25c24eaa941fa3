using System.Text.Json.Nodes;
using InstantNet.Bench.Mqtt;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.System.Mqtt;

namespace InstantNet.Tests.System.Durability;

/// <summary>A disk that fills up under the real agent, at one write after the other.</summary>
public sealed class DiskFullTests(MosquittoFixture broker) : IClassFixture<MosquittoFixture>
{
    [Theory]
    [InlineData(0)] // not even the start can be counted
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(30)]
    public async Task On_a_full_disk_the_last_good_release_serves_on_and_once_there_is_room_the_next_one_commits(int writesThatPass)
    {
        string device = $"full-{writesThatPass}";
        await using DeviceWire wire = await DeviceWire.ConnectAsync(broker, device);
        await using DeviceProcess agent = new(device, broker.Port, s => s["status"] = new JsonObject { ["port"] = LoopbackPort.Free() });
        DeviceRelease good = new(1), next = new(2);
        await wire.PublishAsync(good);
        await wire.PublishAsync(next);
        await wire.OfferAsync(good.Offer("job-1", Tomorrow));
        agent.Start();
        await wire.HearAsync<JobStatus>(s => s.State == ExecutionState.Committed);
        Assert.Equal(0, await agent.StopAsync());
        await wire.OfferAsync(next.Offer("job-2", Tomorrow));
        string full = agent.Configuration + ".disk-is-full";

        agent.Start(new Fault(FaultKind.Full, null, writesThatPass) { FullWhile = full });
        Assert.Equal("r1", (await wire.HearAsync<DeviceState>(b => b.Boot == 2)).Release?.Value);
        Alarm alarm = await wire.HearAsync<Alarm>(a => a.Raised);
        JsonNode before = await agent.StatusAsync(), after = before;
        while ((long)after["frames"]!["done"]! <= (long)before["frames"]!["done"]!)
            after = await agent.StatusAsync();

        Assert.Contains(alarm.Key, (string[])["disk-failed", "telemetry-lost"]);
        Assert.Contains("space", alarm.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("r1", (string?)after["serving"]!["release"]);
        Assert.Equal("r1", agent.LastGood());

        File.Delete(full);
        JobStatus end = await wire.HearAsync<JobStatus>(s => s.Job.Value == "job-2" && s.State.IsFinal());
        if (end.State == ExecutionState.Failed)
        {
            // A write of the download failed; an error that passes may be tried again, and is by the controller.
            Assert.Equal("DiskFailed", end.Code);
            await wire.OfferAsync(next.Offer("job-3", Tomorrow));
            end = await wire.HearAsync<JobStatus>(s => s.Job.Value == "job-3" && s.State.IsFinal());
        }

        Assert.Equal((ExecutionState.Committed, "r2"), (end.State, end.Release?.Value));
        await wire.HearAsync<Alarm>(a => !a.Raised && a.Key == alarm.Key);
        Assert.Equal(0, await agent.StopAsync());
    }

    private static DateTimeOffset Tomorrow => TimeProvider.System.GetUtcNow().AddDays(1);
}
