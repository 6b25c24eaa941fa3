using System.Text.Json.Nodes;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Controller.Rollouts;
using InstantNet.Generation.Packaging;

namespace InstantNet.Tests.System.Fleet;

[Collection(FleetFixture.Name)]
public class CorruptBlobTests(FleetFixture fleet)
{
    [Fact]
    public async Task A_chunk_corrupted_in_the_broker_fails_the_rollout_and_leaves_the_last_good_release_in_service()
    {
        await using FleetAgent agent = await fleet.StartAgentAsync("corrupt-1");
        Assert.Equal(RolloutState.Completed, (await fleet.RollOutAsync(fleet.First, agent)).State);
        (string Topic, byte[] Payload)[] chunks = [.. Chunks(fleet.Second)];
        (string Topic, byte[] Payload) good = chunks[0];
        byte[] flipped = [.. good.Payload];
        flipped[^1] ^= 1;
        // All chunks, so that the broker holds the release already and the controller does not repair it by publishing.
        await Intruder.PublishAsync(fleet, chunks.Select(c => c.Topic == good.Topic ? (c.Topic, flipped) : c));

        RolloutView failed = await fleet.RollOutAsync(fleet.Second, agent);

        RolloutDeviceView device = Assert.Single(failed.Waves[0].Devices);
        Assert.Equal((RolloutState.Failed, ExecutionState.Failed, "BlobCorrupt"), (failed.State, device.State, device.Code));
        JsonNode status = await agent.UntilItSaysAsync("something", _ => true);
        Assert.Equal(("first", "first"), ((string?)status["lastGood"], (string?)status["serving"]!["release"]));
        long frames = (long)status["frames"]!["done"]!;
        await agent.UntilItSaysAsync("that it serves on", s => (long)s["frames"]!["done"]! > frames);

        await Intruder.PublishAsync(fleet, good);

        Assert.Equal(RolloutState.Completed, (await fleet.RollOutAsync(fleet.Second, agent)).State);
        await agent.UntilItSaysAsync("that it serves the second release", s => (string?)s["serving"]!["release"] == "second");
    }

    private IEnumerable<(string Topic, byte[] Payload)> Chunks(ReleaseBundle release)
    {
        string first = release.Manifest.Variants[0].Model.Sha256;
        foreach ((string sha256, string file) in release.Files.OrderBy(f => f.Key != first))
        {
            foreach ((int index, byte[] chunk) in File.ReadAllBytes(file).Chunk(release.Manifest.ChunkBytes).Index())
                yield return (fleet.Topics.Chunk(sha256, index), chunk);
        }
    }
}
