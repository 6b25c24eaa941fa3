using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.System.CommandLine;
using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.System.Mqtt;
using InstantNet.Tests.Unit.Agent.Delivery;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>What <c>release export</c> wrote, given to a hub and a web server by an operator, and the real agent behind them.</summary>
[Collection(FleetFixture.Name)]
public sealed class ExportedReleaseTests(FleetFixture fleet) : HubTest
{
    private const string DeviceClass = "cpu-measured";

    [Fact]
    public async Task Exported_desired_properties_and_files_bring_policy_and_release_to_an_agent_and_deleting_the_job_takes_neither_away()
    {
        using TestCertificates certificates = new();
        string authority = Path.Combine(Hub.Folder.FullName, "blobs-ca.pem"), folder = Path.Combine(Hub.Folder.FullName, "www");
        await File.WriteAllTextAsync(authority, certificates.Authority.ExportCertificatePem());
        ConcurrentDictionary<string, byte[]> published = new(StringComparer.Ordinal);
        using BlobWebServer server = new(published, certificates.Issue("blobs"));
        StandInDevice device = Hub.Register(new StandInDevice("cam-1"));
        await using HubAgent agent = Agent(device, authority);
        string policy = Path.Combine(Hub.Folder.FullName, "policy.json");
        await File.WriteAllTextAsync(policy, """{ "mode": "pin", "pin": 8 }""");
        JsonObject desired = await ExportAsync(fleet.First.Manifest.Release.Value, folder, server.Address + "/blobs/{sha256}?sig=secret", published, "--policy", policy);

        await Hub.DesireAsync(device, desired);
        agent.Process.Start();

        JobStatus end = await agent.HearJobAsync(s => s.State.IsFinal());
        Assert.Equal((fleet.First.Manifest.Release, 1, ExecutionState.Committed), (end.Job, end.Attempt, end.State));
        await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 1 && (string?)r["release"] == "first" && (int)r["precision"]!["bits"]! == 8);
        Assert.NotEmpty(server.Requests);

        await Hub.DesireAsync(device, new JsonObject { ["instantnet"] = new JsonObject { ["job"] = null } });
        JsonObject next = await ExportAsync(
            fleet.Second.Manifest.Release.Value, folder + "-2", server.Address + "/blobs/{sha256}?sig=secret", published, "--policy-version", "2");
        await Hub.DesireAsync(device, next);
        await agent.HearJobAsync(s => s.Job == fleet.Second.Manifest.Release && s.State == ExecutionState.Committed);
        await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 2 && (string?)r["release"] == "second");
        Assert.Equal(0, await agent.Process.StopAsync());
    }

    [Fact]
    public async Task A_policy_exported_without_a_job_reaches_an_agent_alone()
    {
        StandInDevice device = Hub.Register(new StandInDevice("cam-2"));
        await using HubAgent agent = Agent(device, Hub.AuthorityFile);

        await Hub.DesireAsync(device, await ExportAsync(fleet.First.Manifest.Release.Value, Path.Combine(Hub.Folder.FullName, "www"), blobUrl: null, new()));
        agent.Process.Start();

        JsonNode reported = await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 1);
        Assert.Null((string?)reported["release"]);
        Assert.Equal(0, await agent.Process.StopAsync());
    }

    /// <summary>The desired properties as written, and the files that a digest names added to what the web server gives out.</summary>
    private async Task<JsonObject> ExportAsync(string release, string folder, string? blobUrl, ConcurrentDictionary<string, byte[]> published, params string[] more)
    {
        string[] url = blobUrl is null ? [] : ["--blob-url", blobUrl];
        TypedCommand exported = await TypedCommand.RunAsync(
            Programs.Controller, ["release", "export", release, "--out", folder, "--data", fleet.Data.Root, .. url, .. more]);
        Assert.Equal((0, ""), (exported.Code, exported.Error));
        foreach (string file in Directory.GetFiles(folder).Where(f => Path.GetExtension(f).Length == 0))
            published[Path.GetFileName(file)] = await File.ReadAllBytesAsync(file);
        return (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "desired.json")))!;
    }

    private HubAgent Agent(StandInDevice device, string blobAuthority) => new(
        Hub, device,
        new JsonObject { ["connectionStringFile"] = HubAgent.Secret(Hub, device.Id + ".string", Hub.ConnectionStringOf(device)) },
        settings =>
        {
            settings["deviceClass"] = DeviceClass;
            settings["trustedKeys"] = new JsonArray(fleet.TrustedKey());
            settings["frames"]!["path"] = fleet.TestImages;
            settings["delivery"] = new JsonObject { ["caFile"] = blobAuthority };
        });
}
