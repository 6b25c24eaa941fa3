using System.Text.Json.Nodes;
using InstantNet.Controller.Telemetry;

namespace InstantNet.Tests.System.Fleet;

[Collection(FleetFixture.Name)]
public class OfflineTests(FleetFixture fleet)
{
    [Fact]
    public async Task An_agent_killed_while_serving_serves_the_last_good_release_offline_and_its_telemetry_is_stored_once()
    {
        await using FleetAgent agent = await fleet.StartAgentAsync("offline-1");
        Assert.Equal(1, (await fleet.RollOutAsync(fleet.First, agent)).Committed);
        long before = (await agent.UntilSeenAsync("to send telemetry", d => d.SamplesStored > 0)).SamplesStored;

        await agent.Process.KillAsync(CancellationToken.None);
        await fleet.StopControllerAsync();
        DateTimeOffset gone = TimeProvider.System.GetUtcNow();
        agent.Process.Start();

        JsonNode status;
        try
        {
            status = await agent.UntilItSaysAsync("that telemetry waits on its disk", s => (long)s["frames"]!["done"]! > 0 && (long)s["spool"]!["pendingBatches"]! > 0);
        }
        finally
        {
            await fleet.StartControllerAsync();
        }

        Assert.False((bool)status["connected"]!);
        Assert.Equal(("first", "first"), ((string?)status["lastGood"], (string?)status["serving"]!["release"]));
        await agent.UntilSeenAsync("to come back with what it wrote meanwhile", d => d.Online && d.SamplesStored > before);
        (long produced, long stored) = await agent.StopAndCountAsync();
        Assert.Equal(produced, stored);
        TelemetryView telemetry = await fleet.Controller.TelemetryAsync(agent.Id, CancellationToken.None);
        Assert.Equal(telemetry.Samples.Count, telemetry.Samples.Select(s => s.Ts).Distinct().Count());
        Assert.Contains(telemetry.Samples, s => s.Ts > gone);
    }
}
