using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using InstantNet.Tests.System.CommandLine;

namespace InstantNet.Tests.System.Fleet;

[Collection(FleetFixture.Name)]
public class CommandTests(FleetFixture fleet)
{
    [Fact]
    public async Task An_operator_commands_a_running_agent_over_the_broker_and_is_told_what_is_wrong()
    {
        await using FleetAgent agent = await fleet.StartAgentAsync("commanded-1", "eyeriss-168");
        using HttpClient http = fleet.Operator();

        (HttpStatusCode status, JsonNode answer) = await CallAsync("status");
        Assert.Equal((HttpStatusCode.OK, agent.Id, true), (status, (string?)answer["device"], (bool)answer["connected"]!));

        (status, answer) = await CallAsync("hold", "{\"seconds\":600}");
        Assert.Equal((HttpStatusCode.OK, true), (status, (bool)answer["held"]!));
        (status, answer) = await CallAsync("end-hold");
        Assert.Equal((HttpStatusCode.OK, false), (status, (bool)answer["held"]!));
        Assert.Equal(HttpStatusCode.Accepted, (await CallAsync("report")).Status);

        (status, answer) = await CallAsync("hold", "{\"seconds\":0}");
        Assert.Equal((HttpStatusCode.BadRequest, "seconds is 0: 1 to 86400 is accepted."), (status, (string?)answer["detail"]));
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("dance")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CallAsync("hold", "{")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await CallAsync("status", device: "nobody")).Status);

        TypedCommand typed = await TypedCommand.RunAsync(
            Programs.Controller, "device", "call", agent.Id, "hold", "--payload", "{\"seconds\":60}", "--data", fleet.Data.Root, "--json");
        Assert.Equal((0, true), (typed.Code, (bool)JsonNode.Parse(typed.Output)!["held"]!));
        (await TypedCommand.RunAsync(Programs.Controller, "device", "call", agent.Id, "dance", "--data", fleet.Data.Root)).MustSay(1, "There is no command 'dance'", "end-hold");

        // It vanishes without a word; until the broker publishes its will, nobody subscribes to its commands, or nobody answers.
        await agent.Process.KillAsync(CancellationToken.None);
        (status, _) = await CallAsync("status", timeoutSeconds: 2);
        Assert.True(status is HttpStatusCode.GatewayTimeout or HttpStatusCode.Conflict, $"It is {status}.");
        await agent.UntilSeenAsync("to be offline", d => !d.Online);
        (status, answer) = await CallAsync("status");
        Assert.Equal((HttpStatusCode.Conflict, $"Device '{agent.Id}' is offline."), (status, (string?)answer["detail"]));

        agent.Process.Start();
        await agent.UntilSeenAsync("to come back", d => d.Online);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("status")).Status);

        async Task<(HttpStatusCode Status, JsonNode Answer)> CallAsync(string name, string payload = "", string? device = null, int timeoutSeconds = 30)
        {
            using StringContent content = new(payload, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await http.PostAsync(
                new Uri($"/api/v1/devices/{device ?? agent.Id}/commands/{name}?timeoutSeconds={timeoutSeconds}", UriKind.Relative), content);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
        }
    }
}
