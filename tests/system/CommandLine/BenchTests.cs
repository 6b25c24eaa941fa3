using System.Text.Json;
using InstantNet.Tests.System.Fleet;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>Benchmarks run, and hold the bytes that they promise. What they say about time is not looked at.</summary>
public sealed class BenchTests : IDisposable
{
    private readonly string _json = Path.GetTempFileName();

    public void Dispose() => File.Delete(_json);

    [Fact]
    public async Task Costing_mappings_keeps_to_its_budget_of_bytes()
    {
        TypedCommand typed = await TypedCommand.RunAsync(Programs.Bench, "mapper", "--seconds", "0.02", "--json", _json);

        Assert.True(typed.Code == 0, typed.Error);
        using JsonDocument result = JsonDocument.Parse(await File.ReadAllTextAsync(_json));
        Assert.Equal(0, result.RootElement.GetProperty("bytesPerCosting").GetDouble());
        Assert.True(result.RootElement.GetProperty("costed").GetDouble() > 0);
        Assert.Equal(3, result.RootElement.GetProperty("nets").GetArrayLength());
    }

    [Fact]
    public async Task A_measurement_of_no_time_is_refused() =>
        (await TypedCommand.RunAsync(Programs.Bench, "mapper", "--seconds", "0")).MustSay(2, "--seconds is 0");

    [Fact]
    public async Task The_agent_keeps_to_its_budget_of_bytes_beside_targets_for_everything_else()
    {
        TypedCommand typed = await TypedCommand.RunAsync(
            Programs.Bench, "agent", "--frames", "40", "--swaps", "5", "--idle", "1", "--nets", "k3_e1", "--program", NativeAgent.Program, "--json", _json);

        Assert.True(typed.Code == 0, typed.Error);
        using JsonDocument result = JsonDocument.Parse(await File.ReadAllTextAsync(_json));
        JsonElement[] figures = [.. result.RootElement.GetProperty("figures").EnumerateArray()];
        Assert.Equal(["allocated per choice and switch", "allocated per frame"],
            figures.Where(f => f.GetProperty("unit").GetString() == "bytes").Select(f => f.GetProperty("name").GetString()));
        Assert.Equal(24, figures.Length);
        Assert.All(figures, f => Assert.True(double.IsFinite(f.GetProperty("value").GetDouble())));
    }

    [Theory]
    [InlineData("agent --program x --frames 0", "--frames is 0")]
    [InlineData("agent --program x --swaps 1", "--swaps is 1")]
    [InlineData("agent --program x --idle nan", "--idle is NaN")]
    [InlineData("agent --program x --nets k3_e1,none", "'none'")]
    [InlineData("agent --program /nonexistent", "/nonexistent")]
    [InlineData("agent --program x --wrong", "--wrong")]
    public async Task A_bench_of_the_agent_that_would_say_nothing_is_refused(string typed, string named) =>
        (await TypedCommand.RunAsync(Programs.Bench, typed.Split(' '))).MustSay(2, named);

    [Fact]
    public async Task Publishing_and_receiving_allocate_nothing_and_many_links_come_back()
    {
        TypedCommand typed = await TypedCommand.RunAsync(Programs.Bench, "mqtt", "--messages", "20000", "--connections", "50", "--json", _json);

        Assert.True(typed.Code == 0, typed.Error);
        using JsonDocument result = JsonDocument.Parse(await File.ReadAllTextAsync(_json));
        JsonElement[] rates = [.. result.RootElement.GetProperty("rates").EnumerateArray()];
        Assert.Equal(
            ["publish 0", "publish 1", "receive 0", "receive 1"],
            rates.Where(rate => rate.GetProperty("client").GetString() == "product")
                .Select(rate => $"{rate.GetProperty("work").GetString()} {rate.GetProperty("qos").GetInt32()}"));
        Assert.Contains("libmosquitto", rates.Select(rate => rate.GetProperty("client").GetString()));
        Assert.All(rates, rate => Assert.True(rate.GetProperty("perSecond").GetDouble() > 0));
        JsonElement fleet = result.RootElement.GetProperty("fleets")[0];
        Assert.Equal(50, fleet.GetProperty("connections").GetInt32());
        Assert.True(fleet.GetProperty("returnSeconds").GetDouble() > 0);
    }

    [Theory]
    [InlineData("--messages", "5", "--messages is 5")]
    [InlineData("--connections", "many", "--connections is 'many'")]
    public async Task A_number_that_cannot_be_measured_is_refused(string option, string value, string words) =>
        (await TypedCommand.RunAsync(Programs.Bench, "mqtt", option, value)).MustSay(2, words);
}
