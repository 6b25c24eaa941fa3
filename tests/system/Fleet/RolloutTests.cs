using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Rollouts;

namespace InstantNet.Tests.System.Fleet;

[Collection(FleetFixture.Name)]
public class RolloutTests(FleetFixture fleet)
{
    [Fact]
    public async Task Two_devices_commit_a_release_and_every_sample_they_write_is_stored()
    {
        await using FleetAgent mapped = await fleet.StartAgentAsync("mapped-1", "eyeriss-168");
        await using FleetAgent measured = await fleet.StartAgentAsync("measured-1");

        RolloutView rollout = await fleet.RollOutAsync(fleet.First, mapped, measured);

        Assert.Equal((RolloutState.Completed, 2, 0), (rollout.State, rollout.Committed, rollout.Failed));
        DeviceView[] seen = await Task.WhenAll(
            mapped.UntilSeenAsync("to send telemetry", d => d.SamplesStored >= 3), measured.UntilSeenAsync("to send telemetry", d => d.SamplesStored >= 3));
        Assert.All(seen, d => Assert.Equal((fleet.First.Manifest.Release, ExecutionState.Committed), (d.Release, d.Execution!.State)));
        Assert.Equal((MeterSource.Modelled, true), (seen[0].EnergySource, seen[1].EnergySource is MeterSource.Measured or MeterSource.Estimated));
        foreach ((long produced, long stored) in await Task.WhenAll(mapped.StopAndCountAsync(), measured.StopAndCountAsync()))
        {
            Assert.InRange(produced, 3, long.MaxValue);
            Assert.Equal(produced, stored);
        }
    }

    [Fact]
    public async Task An_agent_killed_in_its_download_goes_on_where_it_was()
    {
        const int Seconds = 8;
        long bytes = fleet.First.Files.Values.Sum(f => new FileInfo(f).Length);
        await using FleetAgent agent = await fleet.StartAgentAsync("killed-1", "eyeriss-168", (int)(bytes / Seconds));
        string rollout = await fleet.Controller.StartRolloutAsync(fleet.First.Manifest.Release, [agent.Id], CancellationToken.None);
        JsonNode before = await agent.UntilItSaysAsync("that a third has come", s => Progress(s) is >= 33 and < 90);

        await agent.Process.KillAsync(CancellationToken.None);
        agent.Process.Start();

        List<int> after = [];
        await agent.UntilItSaysAsync("that it has committed", status =>
        {
            if (Progress(status) is { } pct)
                after.Add(pct);
            return (string?)status["execution"]?["state"] is "Committed" or "Failed";
        });
        Assert.NotEmpty(after);
        Assert.InRange(after.Min(), Progress(before)!.Value, 100);
        Assert.Equal(1, (await fleet.UntilRolloutEndsAsync(rollout)).Committed);
    }

    private static int? Progress(JsonNode status) =>
        status["execution"] is { } execution && (string?)execution["state"] == "Downloading" ? (int?)execution["pct"] : null;
}
