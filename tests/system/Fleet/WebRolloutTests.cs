using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.System.CommandLine;
using InstantNet.Tests.Unit.Agent.Delivery;

namespace InstantNet.Tests.System.Fleet;

[Collection(FleetFixture.Name)]
public class WebRolloutTests(FleetFixture fleet)
{
    [Fact]
    public async Task A_release_written_as_files_reaches_an_agent_from_a_web_server()
    {
        string folder = Directory.CreateTempSubdirectory("instantnet-web-").FullName;
        try
        {
            TypedCommand exported = await TypedCommand.RunAsync(
                Programs.Controller, "release", "export", fleet.First.Manifest.Release.Value, "--out", folder, "--blob-url", "https://example.org/{sha256}?sig=secret",
                "--data", fleet.Data.Root, "--json");
            Assert.Equal("", exported.Error);
            JsonNode report = JsonNode.Parse(exported.Output)!;
            JsonNode job = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "desired.json")))!["instantnet"]!["job"]!;
            Assert.Equal((string?)report["manifest"]!["sha256"], (string?)job["manifest"]!["sha256"]);
            Dictionary<string, byte[]> files = Directory.GetFiles(folder).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
            Assert.Equal(fleet.First.Envelope.Manifest, files[(string)job["manifest"]!["sha256"]!]);

            using BlobWebServer server = new(files);
            await using FleetAgent agent = await fleet.StartAgentAsync("web-2", "eyeriss-168");
            TypedCommand rolledOut = await TypedCommand.RunAsync(
                Programs.Controller, "rollout", "start", fleet.First.Manifest.Release.Value, "--device", agent.Id, "--blob-url", server.Address + "/blobs/{sha256}?sig=secret",
                "--wait", "--data", fleet.Data.Root, "--json");

            Assert.Equal((0, "completed"), (rolledOut.Code, ((string?)JsonNode.Parse(rolledOut.Output)!["state"])?.ToLowerInvariant()));
            Assert.DoesNotContain("secret", rolledOut.Output, StringComparison.Ordinal);
            Assert.Equal(ExecutionState.Committed, (await agent.UntilSeenAsync("to have committed", d => d.Execution?.State == ExecutionState.Committed)).Execution!.State);
            Assert.NotEmpty(server.Requests);

            await using FleetAgent own = await fleet.StartAgentAsync("web-3", "eyeriss-168");
            TypedCommand fromController = await TypedCommand.RunAsync(
                Programs.Controller, "rollout", "start", fleet.First.Manifest.Release.Value, "--device", own.Id, "--delivery", "http", "--wait", "--data", fleet.Data.Root);
            Assert.Equal(0, fromController.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_URL_that_no_device_would_accept_is_refused_before_anything_is_written_or_offered()
    {
        (await TypedCommand.RunAsync(
            Programs.Controller, "release", "export", "first", "--out", "/nowhere/there", "--blob-url", "http://example.org/{sha256}", "--data", fleet.Data.Root))
            .MustSay(1, "--blob-url", "https is accepted");
        TypedCommand rollout = await TypedCommand.RunAsync(
            Programs.Controller, "rollout", "start", "first", "--blob-url", "https://example.org/", "--data", fleet.Data.Root);
        Assert.Equal(1, rollout.Code);
        Assert.Contains("{sha256}", rollout.Error, StringComparison.Ordinal);
    }
}
