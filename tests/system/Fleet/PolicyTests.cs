using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;

namespace InstantNet.Tests.System.Fleet;

[Collection(FleetFixture.Name)]
public class PolicyTests(FleetFixture fleet)
{
    private static readonly string[] NamedFaults = ["pin is missing", "min (", "maxSwitchesPerMinute is 0"];

    [Fact]
    public async Task A_policy_changes_the_precision_of_a_running_agent_and_a_wrong_one_is_refused_with_every_fault()
    {
        await using FleetAgent agent = await fleet.StartAgentAsync("policy-1", "eyeriss-168");
        Assert.Equal(1, (await fleet.RollOutAsync(fleet.First, agent)).Committed);
        DeviceView before = await agent.UntilSeenAsync("to say its precision", d => d.Bits is not null);
        Assert.NotEqual(new Precision(4), before.Bits);
        using HttpClient http = fleet.Operator();

        using HttpResponseMessage accepted = await PutAsync(new { mode = "pin", pin = 4 });
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        long version = (long)(await accepted.Content.ReadFromJsonAsync<JsonNode>())!["version"]!;

        DeviceView pinned = await agent.UntilSeenAsync("to hold 4 bits", d => d.Bits == new Precision(4) && d.ReportedVersion == version);
        Assert.Equal(SwitchReason.Policy, pinned.Reason);
        Assert.Empty(pinned.PolicyFaults);
        await agent.UntilItSaysAsync("that it holds 4 bits", s => (int)s["serving"]!["precision"]!["bits"]! == 4);

        using HttpResponseMessage refused = await PutAsync(new { mode = "pin", min = 8, max = 4, maxSwitchesPerMinute = 0 });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        string[] faults = [.. (await refused.Content.ReadFromJsonAsync<JsonNode>())!["faults"]!.AsArray().Select(f => (string)f!)];
        Assert.Equal(3, faults.Length);
        Assert.All(NamedFaults, named => Assert.Contains(faults, f => f.StartsWith(named, StringComparison.Ordinal)));
        Assert.Equal(version, (await agent.UntilSeenAsync("to be there", _ => true)).DesiredVersion);

        Task<HttpResponseMessage> PutAsync(object policy) => http.PutAsJsonAsync($"/api/v1/devices/{agent.Id}/policy", policy);
    }
}
