using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.System.CommandLine;
using InstantNet.Tests.System.Durability;
using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.System.Mqtt;
using InstantNet.Tests.Unit.Agent.Delivery;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>The real agent on the stand-in that Microsoft's own client accepts.</summary>
public sealed class AgentOnHubTests : HubTest
{
    [Fact]
    public async Task Policy_and_release_come_by_the_twin_and_reports_and_telemetry_go_back()
    {
        await OfficialClientTests.IsAcceptedAsync(Hub);
        DeviceRelease release = new(1);
        using TestCertificates certificates = new();
        string authority = Path.Combine(Hub.Folder.FullName, "blobs-ca.pem");
        await File.WriteAllTextAsync(authority, certificates.Authority.ExportCertificatePem());
        using BlobWebServer server = new(HubAgent.Content(release), certificates.Issue("blobs"));
        StandInDevice device = Hub.Register(new StandInDevice("cam-1"));
        await using HubAgent agent = new(
            Hub, device, ByString(device), settings => settings["delivery"] = new JsonObject { ["caFile"] = authority });
        await agent.DesireAsync("twin", HubAgent.Twin(1, bits: 8));
        await agent.DesireAsync("job", HubAgent.Job("job-1", release, server));

        agent.Process.Start();

        HubEvent birth = await agent.HearAsync("state", e => JsonNode.Parse(e.Payload)!["s"]!.GetValue<string>() == "online");
        Assert.Equal(("application/json", "utf-8"), (birth.Properties["$.ct"], birth.Properties["$.ce"]));
        Assert.Equal(ExecutionState.Committed, (await agent.HearJobAsync(s => s.State.IsFinal())).State);
        await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 1 && (string?)r["release"] == "r1" && (int)r["precision"]!["bits"]! == 8);
        TelemetryBatch batch = Batch(await agent.HearAsync("telemetry", _ => true));
        Assert.Equal("r1", batch.Samples[^1].Release.Value);

        await agent.DesireAsync("twin", HubAgent.Twin(2, bits: 32));
        await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 2 && (int)r["precision"]!["bits"]! == 32);

        // A change that nobody told of, and then one that shows it.
        await agent.DesireAsync("twin", HubAgent.Twin(3, bits: 8), isLost: true);
        await Hub.DesireAsync(device, new JsonObject { ["others"] = 1 });
        await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 3 && (int)r["precision"]!["bits"]! == 8);

        await CommandsAsync(device);
        Assert.DoesNotContain("secret", agent.Process.LastWords, StringComparison.Ordinal);
        Assert.Equal(0, await agent.Process.StopAsync());
        await agent.HearAsync("state", e => JsonNode.Parse(e.Payload)!["s"]!.GetValue<string>() == "offline" && !e.Properties.ContainsKey("iothub-MessageType"));
    }

    [Fact]
    public async Task A_batch_that_the_hub_did_not_acknowledge_comes_again_under_its_number()
    {
        StandInDevice device = Hub.Register(new StandInDevice("cam-2"));
        await using HubAgent agent = await ServingAsync(device);
        Hub.Withholds = true;
        agent.Forget("telemetry");
        HubEvent unacknowledged = await agent.HearAsync("telemetry", _ => true);
        Hub.Withholds = false;
        device.TwinTroubles.Enqueue(429); // and the twin cannot be read at once
        await Hub.DropAsync(device);

        TelemetryBatch last = Batch(unacknowledged);
        TelemetryBatch again = Batch(await agent.HearAsync("telemetry", e => !ReferenceEquals(e, unacknowledged) && Batch(e).Seq == last.Seq));
        Assert.Equal(last.Epoch, again.Epoch);
        Assert.Equal(last.Samples, again.Samples);
        HubEvent will = await agent.HearAsync("state", e => e.Properties.ContainsKey("iothub-MessageType"));
        Assert.Equal("Will", will.Properties["iothub-MessageType"]);
        HubEvent birth = await agent.HearAsync("state", e => EpochOf(e) > EpochOf(will));
        Assert.False(birth.Properties.ContainsKey("iothub-MessageType"));
        await agent.DesireAsync("twin", HubAgent.Twin(7, bits: 8));
        await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 7);
        Assert.Equal(0, await agent.Process.StopAsync());
    }

    [Fact]
    public async Task A_damaged_manifest_and_a_forged_one_change_nothing()
    {
        StandInDevice device = Hub.Register(new StandInDevice("cam-3"));
        await using HubAgent agent = await ServingAsync(device);
        DeviceRelease damaged = new(2), forged = new(3, isForged: true);
        Dictionary<string, byte[]> content = HubAgent.Content(damaged);
        byte[] manifest = [.. damaged.Envelope.Manifest];
        manifest[^2] ^= 1;
        content[BlobHash.Of(damaged.Envelope.Manifest).Sha256] = manifest;
        using BlobWebServer server = new(content), other = new(HubAgent.Content(forged));

        await agent.DesireAsync("job", HubAgent.Job("damaged", damaged, server));
        JobStatus first = await agent.HearJobAsync(s => s.Job.Value == "damaged" && s.State.IsFinal());
        await agent.DesireAsync("job", HubAgent.Job("forged", forged, other));
        JobStatus second = await agent.HearJobAsync(s => s.Job.Value == "forged" && s.State.IsFinal());

        Assert.Equal((ExecutionState.Failed, "BlobCorrupt"), (first.State, first.Code));
        Assert.Equal((ExecutionState.Rejected, "BadSignature"), (second.State, second.Code));
        Assert.Equal("r1", (string?)(await agent.StatusAsync(_ => true))["serving"]!["release"]);
        Assert.Equal(0, await agent.Process.StopAsync());
    }

    [Fact]
    public async Task A_wrong_key_is_told_with_what_may_be_wrong_and_without_the_key()
    {
        StandInDevice device = Hub.Register(new StandInDevice("cam-4")), impostor = new("cam-4");
        await using HubAgent agent = new(Hub, device, ByString(impostor));

        agent.Process.Start();

        JsonNode status = await agent.StatusAsync(s => ((string?)s["link"])!.Contains("authorized", StringComparison.Ordinal));
        Assert.Contains(
            "refused the connection: not authorized (0x87). Either the hub does not have this key or certificate for 'cam-4', or the clock of this device is wrong: ",
            (string?)status["link"], StringComparison.Ordinal);
        Assert.False((bool)status["connected"]!);
        Assert.Contains("'cam-4' did not prove itself.", Hub.Complaints);
        Assert.Equal(0, await agent.Process.StopAsync());
        string secret = Convert.ToBase64String(impostor.Key!);
        Assert.DoesNotContain(secret, agent.Process.LastWords, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, status.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_proves_it_as_well()
    {
        (string cert, string key, string thumbprint) = Hub.Certificate("cam-5");
        StandInDevice device = Hub.Register(new StandInDevice("cam-5") { Key = null, Thumbprint = thumbprint });
        await using HubAgent agent = new(
            Hub, device, new JsonObject { ["hostName"] = Hub.Host, ["certFile"] = cert, ["keyFile"] = key });

        agent.Process.Start();

        await agent.StatusAsync(s => (bool)s["connected"]!);
        await agent.ReportedAsync(r => (long)r["desiredVersion"]! == 0);
        Assert.Equal(0, await agent.Process.StopAsync());
    }

    [Fact]
    public async Task The_doctor_looks_at_the_hub_without_taking_the_devices_place()
    {
        StandInDevice device = Hub.Register(new StandInDevice("cam-6"));
        JsonObject proof = ByString(device);
        await using HubAgent agent = new(Hub, device, proof);

        TypedCommand healthy = await TypedCommand.RunAsync(Programs.Agent, "doctor", "--config", agent.Process.Configuration);
        File.SetUnixFileMode((string)proof["connectionStringFile"]!, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        TypedCommand sick = await TypedCommand.RunAsync(Programs.Agent, "doctor", "--config", agent.Process.Configuration);

        Assert.Contains(
            $"ok       Azure IoT Hub                  {Hub.Host}:8883 accepts connections; as 'cam-6' by key, which was not tried", healthy.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (healthy.Code, Hub.Accepted));
        Assert.Equal(1, sick.Code);
        Assert.Contains("holds a secret and has mode 404: 640 or stricter is accepted", sick.Output, StringComparison.Ordinal);
    }

    private async Task CommandsAsync(StandInDevice device)
    {
        (int status, JsonNode? answer) = await Hub.InvokeAsync(device, "status", new JsonObject());
        Assert.Equal((200, "r1"), (status, (string?)answer!["serving"]!["release"]));
        byte[] frame = new byte[DeviceRelease.FrameBytes];
        (status, answer) = await Hub.InvokeAsync(device, "classify", new JsonObject { ["frame"] = Convert.ToBase64String(frame) });
        Assert.Equal((200, "class-1"), (status, (string?)answer!["label"]));
        (status, answer) = await Hub.InvokeAsync(device, "dance", null);
        Assert.Equal((404, "There is no command 'dance'; there are status, report, hold, end-hold, classify."), (status, (string?)answer!["detail"]));
    }

    private static long EpochOf(HubEvent state) => (long)JsonNode.Parse(state.Payload)!["epoch"]!;

    private JsonObject ByString(StandInDevice device) =>
        new() { ["connectionStringFile"] = HubAgent.Secret(Hub, device.Id + ".string", Hub.ConnectionStringOf(device)) };

    /// <summary>An agent with release 1 in service.</summary>
    private async Task<HubAgent> ServingAsync(StandInDevice device)
    {
        DeviceRelease release = new(1);
        using BlobWebServer server = new(HubAgent.Content(release));
        HubAgent agent = new(Hub, device, ByString(device));
        await agent.DesireAsync("job", HubAgent.Job("first", release, server));
        agent.Process.Start();
        Assert.Equal(ExecutionState.Committed, (await agent.HearJobAsync(s => s.State.IsFinal())).State);
        return agent;
    }

    private static TelemetryBatch Batch(HubEvent heard) => JsonSerializer.Deserialize(heard.Payload, WireJson.Default.TelemetryBatch)!;
}
