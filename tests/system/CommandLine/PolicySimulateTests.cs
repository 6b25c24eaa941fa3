using System.Text.Json.Nodes;
using InstantNet.Tests.System.Fleet;

namespace InstantNet.Tests.System.CommandLine;

/// <summary><c>policy simulate</c> with the variants of real releases.</summary>
[Collection(FleetFixture.Name)]
public sealed class PolicySimulateTests(FleetFixture fleet) : IDisposable
{
    private const int Failed = 1, Misused = 2;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-simulate-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_run_and_the_release_made_of_it_give_the_same_replay_and_a_device_its_own()
    {
        await using FleetAgent agent = await fleet.StartAgentAsync("simulated-1");
        Assert.Equal(1, (await fleet.RollOutAsync(fleet.First, agent)).Committed);
        await agent.UntilSeenAsync("to report what it measured", d => d.Release == fleet.First.Manifest.Release && d.Measured.Count == 3);
        TypedCommand release = await SimulateAsync("--release", "first", "--class", "eyeriss-168", "--data", fleet.Data.Root);
        TypedCommand run = await SimulateAsync("--release", fleet.FirstRun, "--class", "eyeriss-168");
        TypedCommand device = await SimulateAsync("--release", "first", "--device", agent.Id, "--data", fleet.Data.Root);

        Assert.Equal((0, ""), (release.Code, release.Error));
        Assert.Equal(release.Output, run.Output);
        Assert.Equal((0, ""), (device.Code, device.Error));
        Assert.NotEqual(Joules(release), Joules(device));
    }

    [Fact]
    public async Task What_is_missing_or_does_not_go_together_is_said_in_one_sentence()
    {
        (await SimulateAsync("--release", "nothing", "--class", "eyeriss-168", "--data", fleet.Data.Root)).MustSay(Failed, "'nothing'", "first", "second");
        (await SimulateAsync("--release", "first", "--class", "cpu-measured", "--data", fleet.Data.Root)).MustSay(Failed, "'cpu-measured'", "eyeriss-168", "--device");
        (await SimulateAsync("--release", "first", "--device", "nobody", "--data", fleet.Data.Root)).MustSay(Failed, "'nobody'");
        (await SimulateAsync("--release", _folder.FullName, "--class", "eyeriss-168")).MustSay(Failed, _folder.FullName, "run.json");
        (await SimulateAsync("--release", "first", "--class", "eyeriss-168", "--data", _folder.FullName)).MustSay(Failed, _folder.FullName, "--data");
        (await SimulateAsync("--class", "eyeriss-168")).MustSay(Misused, "--release");
        (await SimulateAsync("--release", "first", "--held-out", "3", "--data", fleet.Data.Root)).MustSay(Misused, "--held-out", "--trace");
    }

    /// <summary>An hour at a frame a second.</summary>
    private async Task<TypedCommand> SimulateAsync(params string[] variants)
    {
        string trace = Path.Combine(_folder.FullName, "trace.csv"), policy = Path.Combine(_folder.FullName, "policy.json");
        await File.WriteAllTextAsync(trace, "# capacity_j = 100\n# start = 2026-06-01T00:00:00Z\nseconds,frames_per_second,base_w\n0,1,0.001\n3600,1,0.001\n");
        await File.WriteAllTextAsync(policy, """{ "budget": { "lastUntil": "2026-06-01T01:00:00Z" } }""");
        return await TypedCommand.RunAsync(Programs.Controller, ["policy", "simulate", "--trace", trace, "--policy", policy, "--json", .. variants]);
    }

    private static double Joules(TypedCommand simulated) => (double)JsonNode.Parse(simulated.Output)![0]!["results"]![0]!["inferenceJoules"]!;
}
