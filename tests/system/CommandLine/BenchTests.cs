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
}
