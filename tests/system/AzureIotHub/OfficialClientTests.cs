using System.Text.Json.Nodes;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>Microsoft's own client accepts the stand-in that the other tests measure the agent against.</summary>
public sealed class OfficialClientTests : HubTest
{
    [Fact]
    public Task It_does_everything_that_the_agent_does_by_key() => IsAcceptedAsync(Hub);

    [Fact]
    public async Task It_does_everything_that_the_agent_does_by_certificate()
    {
        (string cert, string key, string thumbprint) = Hub.Certificate("official-2");
        StandInDevice device = Hub.Register(new StandInDevice("official-2") { Key = null, Thumbprint = thumbprint });
        await using OfficialClient client = new(Hub.ConnectionStringOf(device), Hub.AuthorityFile, cert, key);

        await DoEverythingAsync(Hub, client, device);
    }

    [Fact]
    public async Task It_is_refused_with_a_wrong_key_and_with_another_devices_certificate()
    {
        StandInDevice device = Hub.Register(new StandInDevice("official-3"));
        StandInDevice impostor = new("official-3");
        await using OfficialClient wrongKey = new(Hub.ConnectionStringOf(impostor), Hub.AuthorityFile);
        await wrongKey.DoFailsAsync("open", "Not authorized");

        (string cert, string key, _) = Hub.Certificate("somebody");
        StandInDevice byCertificate = Hub.Register(new StandInDevice("official-4") { Key = null, Thumbprint = "00" });
        await using OfficialClient wrongCertificate = new(Hub.ConnectionStringOf(byCertificate), Hub.AuthorityFile, cert, key);
        await wrongCertificate.DoFailsAsync("open", "Not authorized");
    }

    [Fact]
    public async Task Its_newest_connection_wins()
    {
        StandInDevice device = Hub.Register(new StandInDevice("official-5"));
        await using OfficialClient older = new(Hub.ConnectionStringOf(device), Hub.AuthorityFile);
        await older.DoAsync("open");
        await using OfficialClient newer = new(Hub.ConnectionStringOf(device), Hub.AuthorityFile);

        await newer.DoAsync("open");

        await older.ToldAsync("disconnected");
        await newer.DoAsync("send", "still here");
        Assert.Equal("still here", (await Hub.Events.ReadAsync()).Text);
    }

    [Fact]
    public async Task A_message_at_QoS_2_ends_its_connection()
    {
        StandInDevice device = Hub.Register(new StandInDevice("official-6"));
        await using OfficialClient client = new(Hub.ConnectionStringOf(device), Hub.AuthorityFile);
        await client.DoAsync("open");

        await client.DoAsync("qos2", device.Id);

        await client.ToldAsync("disconnected");
        Assert.Contains("'official-6' published at QoS 2 to 'devices/official-6/messages/events/'.", Hub.Complaints);
    }

    /// <summary>Lets the official client do on a stand-in what the agent does.</summary>
    internal static async Task IsAcceptedAsync(HubStandIn hub)
    {
        StandInDevice device = hub.Register(new StandInDevice("official"));
        await using OfficialClient client = new(hub.ConnectionStringOf(device), hub.AuthorityFile);
        await DoEverythingAsync(hub, client, device);
    }

    private static async Task DoEverythingAsync(HubStandIn hub, OfficialClient client, StandInDevice device)
    {
        await hub.DesireAsync(device, new JsonObject { ["colour"] = "red", ["gone"] = 1 });
        await client.DoAsync("open");

        await client.DoAsync("send", """{"x":1}""");
        HubEvent sent = await hub.Events.ReadAsync();
        Assert.Equal((device.Id, """{"x":1}"""), (sent.DeviceId, sent.Text));
        Assert.Equal(
            new Dictionary<string, string> { ["kind"] = "a b&c=d/ü", ["$.ct"] = "application/json", ["$.ce"] = "utf-8" },
            sent.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary());

        JsonNode twin = (await client.DoAsync("twin"))!;
        Assert.Equal(("red", 2), ((string?)twin["desired"]!["colour"], (int)twin["desired"]!["$version"]!));

        await client.DoAsync("watch");
        await client.ToldAsync("desired"); // what the twin had
        await hub.ListensAsync(device, HubStandIn.DesiredPatches);
        await hub.DesireAsync(device, new JsonObject { ["colour"] = "blue", ["gone"] = null });
        JsonNode delta = (await client.ToldAsync("desired"))!;
        Assert.Equal("""{"colour":"blue","gone":null,"$version":3}""", delta.ToJsonString());

        await client.DoAsync("report", """{"speed":{"now":7,"then":5}}""");
        await client.DoAsync("report", """{"speed":{"then":null}}""");
        Assert.Equal("""{"$version":3,"speed":{"now":7}}""", device.Reported.ToJsonString());
        await client.DoFailsAsync("report", "The patch is not accepted", $$"""{"text":"{{new string('x', 5000)}}"}""");

        await client.DoAsync("listen");
        await hub.ListensAsync(device, HubStandIn.Methods);
        (int status, JsonNode? payload) = await hub.InvokeAsync(device, "echo", new JsonObject { ["a"] = 1 });
        Assert.Equal((207, """{"got":{"a":1}}"""), (status, payload?.ToJsonString()));
        await client.DoAsync("close");
        Assert.Equal(404, (await hub.InvokeAsync(device, "echo", null)).Status);
    }
}
