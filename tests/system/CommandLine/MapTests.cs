using System.Text.Json;
using InstantNet.Tests.System.Fleet;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>The mapper as a person at a terminal uses it.</summary>
public sealed class MapTests : IDisposable
{
    private const int Failed = 1, Misused = 2;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-map-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<TypedCommand> MapAsync(params IEnumerable<string> arguments) => TypedCommand.RunAsync(Programs.Controller, ["map", .. arguments]);

    private static Task<TypedCommand> SearchAsync(params IEnumerable<string> arguments) =>
        MapAsync(["search", "--net", "mobilenet-small", "--class", "edge-64", "--bits", "8", "--evaluations", "200", .. arguments]);

    [Fact]
    public async Task A_search_prints_a_table_and_writes_dataflows_that_can_be_costed_and_exported()
    {
        TypedCommand searched = await SearchAsync("--out", At("flows"), "--report", At("map.html"), "--json", At("map.json"), "--engines", "one");

        Assert.Equal(0, searched.Code);
        Assert.Contains("row-stationary", searched.Output, StringComparison.Ordinal);
        Assert.Contains("mobilenet-small  edge-64", searched.Output, StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(At("map.html")), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(At("map.json")));
        double energy = json.RootElement.GetProperty("precisions")[0].GetProperty("searched").GetProperty("energyMillijoules").GetDouble();

        string flows = At("flows/dataflow-mobilenet-small-edge-64-8bit.json");
        TypedCommand costed = await MapAsync("cost", "--mapping", flows, "--json");
        using JsonDocument layers = JsonDocument.Parse(costed.Output);
        Assert.Equal(energy, layers.RootElement.EnumerateArray().Sum(l => l.GetProperty("cost").GetProperty("energyPicojoules").GetDouble()) * 1e-9, 12);

        TypedCommand exported = await MapAsync("export", "--dataflow", flows, "--layer", "stem", "--format", "loops", "--out", At("loops"));
        Assert.Equal(0, exported.Code);
        Assert.NotEmpty(Directory.GetFiles(At("loops")));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_answer_on_one_thread_and_on_two()
    {
        Assert.Equal((await SearchAsync("--threads", "1", "--json")).Output, (await SearchAsync("--threads", "2", "--json")).Output);
    }

    [Theory]
    [InlineData(Failed, "--evaluations is 0: 1 or more is accepted.", "--evaluations", "0")]
    [InlineData(Failed, "--seconds is 0: a number above 0 is accepted.", "--seconds", "0")]
    [InlineData(Failed, "--seconds is NaN: a number above 0 is accepted.", "--seconds", "NaN")]
    [InlineData(Failed, "--latency-bound-ms is -1: a number above 0 is accepted.", "--latency-bound-ms", "-1")]
    [InlineData(Failed, "but there is no folder '/nowhere'.", "--report", "/nowhere/map.html")]
    [InlineData(Failed, "but there is no folder '/nowhere'.", "--json", "/nowhere/map.json")]
    [InlineData(Failed, "--engines is 'two': one or any is accepted.", "--engines", "two")]
    [InlineData(Failed, "--flows names 'mine': row-stationary, ", "--flows", "mine")]
    [InlineData(Failed, "There is no network 'lenet'", "--net", "lenet")]
    [InlineData(Failed, "There is no device class 'abacus'", "--class", "abacus")]
    [InlineData(Failed, "--mac-rule is 'magic': fixed, bitfusion, bitserial, packed are accepted.", "--mac-rule", "magic")]
    [InlineData(Failed, "cpu-measured", "--class", "cpu-measured")]
    [InlineData(Misused, "--objective is 'fun': edp, energy, latency are accepted.", "--objective", "fun")]
    [InlineData(Misused, "--effects is 'gravity': none, drain-reads, ", "--effects", "gravity")]
    public async Task What_cannot_be_searched_is_told_in_a_sentence(int code, string words, string option, string value)
    {
        TypedCommand typed = await MapAsync(
            ["search", .. option == "--class" ? [] : (string[])["--class", "edge-64"], "--bits", "8", .. option == "--evaluations" ? [] : (string[])["--evaluations", "10"], option, value]);

        Assert.Equal(code, typed.Code);
        Assert.Equal("", typed.Output);
        Assert.Contains(words, typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_with_a_tile_that_fits_nowhere_names_level_and_field()
    {
        await File.WriteAllTextAsync(At("tiny.json"), """
            {"v":1,"id":"tiny","kind":"dataflow","description":"x","sources":[],"idleMilliwatts":1,"clockMegahertz":100,"accumulatorBits":32,
             "mac":{"columns":2,"rows":2,"rule":"fixed","operandBits":[16],"picojoulesPer16BitMac":-1,"floatEnergyFactor":1,"floatMacsPerCycle":1},
             "levels":[{"name":"RF","columns":2,"rows":2,"capacityBytes":4,"picojoulesPer16Bits":0,"keeps":["weights","inputs","outputs"]},
                       {"name":"DRAM","columns":1,"rows":1,"picojoulesPer16Bits":100,"keeps":["weights","inputs","outputs"]}]}
            """);

        TypedCommand typed = await MapAsync("search", "--class", At("tiny.json"), "--bits", "8");

        Assert.Equal(Failed, typed.Code);
        Assert.Contains("mac.picojoulesPer16BitMac", typed.Error, StringComparison.Ordinal);
        Assert.Contains("levels[0].picojoulesPer16Bits", typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_cost_and_two_things_to_cost_are_both_refused()
    {
        (await MapAsync("cost")).MustSay(Failed, "either --rows FILE or --mapping FILE");
        (await MapAsync("cost", "--rows", "a", "--mapping", "b")).MustSay(Failed, "either --rows FILE or --mapping FILE");
    }

    [Theory]
    [InlineData("--seconds", "0", "--seconds is 0")]
    [InlineData("--evaluations", "0", "--evaluations is 0")]
    [InlineData("--threads", "0", "--threads is 0")]
    public async Task A_comparison_without_a_budget_is_refused(string option, string value, string words) =>
        (await MapAsync("compare", "--against", "none.json", option, value)).MustSay(Failed, words);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
