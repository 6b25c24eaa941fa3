using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Rollouts;
using InstantNet.Tests.System.CommandLine;

namespace InstantNet.Tests.System.Fleet;

/// <summary>What a program on the device gets from the real agent.</summary>
[Collection(FleetFixture.Name)]
public sealed class LocalSurfaceTests(FleetFixture fleet) : IDisposable
{
    private const int FrameBytes = 28 * 28;
    private readonly DirectoryInfo _sys = Directory.CreateTempSubdirectory("instantnet-sys-");

    public void Dispose() => _sys.Delete(recursive: true);

    [Fact]
    public async Task A_program_on_the_device_asks_holds_and_reads_figures_that_say_what_measured_them()
    {
        PlugInMonitor();
        await using FleetAgent agent = await fleet.StartAgentAsync("local-1", sensors: _sys.FullName);
        using HttpClient http = new() { BaseAddress = await agent.AddressAsync() };
        using HttpResponseMessage early = await PostAsync(new byte[FrameBytes]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        Assert.Equal(1, (await fleet.RollOutAsync(fleet.First, agent)).Committed);

        using HttpResponseMessage answered = await PostAsync(new byte[FrameBytes]), small = await PostAsync([1]), large = await PostAsync(new byte[FrameBytes + 1]);
        JsonNode answer = (await answered.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal($"class-{(int)answer["class"]!}", (string)answer["label"]!);
        Assert.True((float)answer["confidence"]! > 0 && (double)answer["latencyMs"]! > 0 && (int)answer["bits"]! >= 4);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge), (small.StatusCode, large.StatusCode));
        Assert.Equal("application/problem+json", small.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"detail\":\"A frame of 1x28x28 has 784 bytes, not 1.\"", await small.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        JsonNode status = await agent.UntilItSaysAsync("what it draws when idle", s => s["energy"] is { } energy && (double)energy["idleMw"]! > 0);
        Assert.Equal(("hwmon:VDD_IN", "measured"), ((string)status["energy"]!["meter"]!, (string)status["energy"]!["source"]!));
        Assert.InRange((double)status["energy"]!["idleMw"]!, 2499.9, 2500.1);
        string metrics = await http.GetStringAsync("metrics"), sensors = await http.GetStringAsync("sensors"), policy = await http.GetStringAsync("policy");
        Assert.Contains("instantnet_agent_sensor_power_watts{sensor=\"hwmon:VDD_IN\"} 2.5\n", metrics, StringComparison.Ordinal);
        Assert.Contains("instantnet_agent_meter_info{meter=\"hwmon:VDD_IN\",source=\"measured\"", metrics, StringComparison.Ordinal);
        Assert.Contains("thermal:soc", sensors, StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"auto\"", policy, StringComparison.Ordinal);
        DeviceView seen = await agent.UntilSeenAsync("to have measured energy", d => d.EnergySource is not null);
        Assert.Equal(MeterSource.Measured, seen.EnergySource);

        await HoldAndReleaseAsync(agent, http);

        Task<HttpResponseMessage> PostAsync(byte[] frame) => http.PostAsync("frame", new ByteArrayContent(frame));
    }

    [Fact]
    public async Task The_doctor_finds_a_healthy_device_healthy_and_says_what_a_broken_one_lacks()
    {
        PlugInMonitor();
        await using FleetAgent agent = await fleet.StartAgentAsync("local-2", sensors: _sys.FullName);
        TypedCommand healthy = await TypedCommand.RunAsync(Programs.Agent, "doctor", "--config", agent.Configuration, "--json");
        JsonNode settings = JsonNode.Parse(await File.ReadAllTextAsync(agent.Configuration))!;
        settings["broker"]!["port"] = 1;
        settings["frames"]!["path"] = "/nonexistent/test.images";
        string broken = Path.Combine(_sys.FullName, "agent.json");
        await File.WriteAllTextAsync(broken, settings.ToJsonString());

        TypedCommand sick = await TypedCommand.RunAsync(Programs.Agent, "doctor", "--config", broken, "--json");
        TypedCommand lost = await TypedCommand.RunAsync(Programs.Agent, "doctor", "--config", "/nonexistent/agent.json");

        Dictionary<string, bool> well = Required(healthy.Output);
        Assert.Equal((0, ""), (healthy.Code, healthy.Error));
        Assert.True(well is { Count: 6 } && well.Values.All(ok => ok), healthy.Output);
        Assert.Contains("power 2.5 watts", healthy.Output, StringComparison.Ordinal);
        Assert.Equal(["broker", "frames"], Required(sick.Output).Where(f => !f.Value).Select(f => f.Key).Order(StringComparer.Ordinal));
        Assert.Equal((1, 1), (sick.Code, lost.Code));
        Assert.Contains("/nonexistent/agent.json does not exist", lost.Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, bool> Required(string json) => JsonNode.Parse(json)!.AsArray()
        .Where(f => (bool)f!["required"]!).ToDictionary(f => (string)f!["what"]!, f => (bool)f!["ok"]!);

    private async Task HoldAndReleaseAsync(FleetAgent agent, HttpClient http)
    {
        using HttpResponseMessage held = await http.PostAsync("hold?seconds=600", null);
        Assert.Equal(HttpStatusCode.OK, held.StatusCode);
        string rollout = await fleet.Controller.StartRolloutAsync(fleet.Second.Manifest.Release, [agent.Id], CancellationToken.None);
        await agent.UntilItSaysAsync("that it waits", s => (string?)s["execution"]?["state"] == nameof(ExecutionState.Deferred));

        using HttpResponseMessage ended = await http.DeleteAsync("hold");
        RolloutView view = await fleet.UntilRolloutEndsAsync(rollout);

        Assert.Equal((HttpStatusCode.OK, 1), (ended.StatusCode, view.Committed));
        Assert.Equal("second", (string)(await agent.UntilItSaysAsync("what serves", s => s["serving"] is not null))["serving"]!["release"]!);
    }

    /// <summary>A board with a current monitor that tells 2.5 W for ever: all of it is idle power.</summary>
    private void PlugInMonitor()
    {
        Set("class/hwmon/hwmon0/name", "ina3221");
        Set("class/hwmon/hwmon0/in1_label", "VDD_IN");
        Set("class/hwmon/hwmon0/in1_input", "5000");
        Set("class/hwmon/hwmon0/curr1_input", "500");
        Set("class/thermal/thermal_zone0/type", "soc");
        Set("class/thermal/thermal_zone0/temp", "41000");
    }

    private void Set(string file, string value)
    {
        string path = Path.Combine(_sys.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, value + "\n");
    }
}
