using System.Text.Json;
using InstantNet.Tests.System.Fleet;
using InstantNet.Tests.Unit.Generation.Datasets;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>The architecture search as a person at a terminal uses it.</summary>
public sealed class SearchTests : IDisposable
{
    private const int Failed = 1, Misused = 2;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-search-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_found_is_printed_written_drawn_and_can_be_generated()
    {
        WriteImages(classes: 2, each: 24);
        string[] images = ["--dataset", "folder", "--data", At("set"), "--size", "12", "--channels", "1", "--bits", "4,32"];

        TypedCommand searched = await TypedCommand.RunAsync(
            Programs.Controller,
            [
                "search", .. images, "--stages", "1x8,1x12/2", "--stem", "8/2", "--header", "16", "--batch", "8", "--search-steps", "25", "--train-steps", "3",
                "--compare", "fp-nas,lp-nas", "--cost", "latency", "--class", "edge-16", "--json", At("n.json"), "--plot", At("n.svg"), "--out", At("nets"),
            ]);

        Assert.Equal(0, searched.Code);
        Assert.Contains("sp-nas: ", searched.Output, StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(At("n.svg")), StringComparison.Ordinal);
        using JsonDocument report = JsonDocument.Parse(await File.ReadAllTextAsync(At("n.json")));
        Assert.Equal(3, report.RootElement.GetProperty("methods").GetArrayLength());

        TypedCommand generated = await TypedCommand.RunAsync(
            Programs.Controller, ["generate", .. images, "--net", At("nets/sp-nas.json"), "--epochs", "1", "--batch", "8", "--out", At("run")]);

        Assert.Equal(0, generated.Code);
        Assert.StartsWith("sp-nas: ", generated.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(At("run/network.json")));
    }

    [Theory]
    [InlineData(Failed, "There is no search method 'darts': sp-nas, fp-nas, lp-nas are accepted.", "--compare", "fp-nas,darts")]
    [InlineData(Failed, "--target is '5': LOW-HIGH is accepted", "--target", "5")]
    [InlineData(Failed, "--stages has '4': LAYERSxCHANNELS", "--stages", "4")]
    [InlineData(Failed, "--paths is '3': 1, 2, all are accepted.", "--paths", "3")]
    [InlineData(Failed, "--header is 0: 1 or more is accepted.", "--header", "0")]
    [InlineData(Failed, "--search-steps is 24: 25 or more is accepted.", "--search-steps", "24")]
    [InlineData(Failed, "'/nowhere'", "--plot", "/nowhere/n.svg")]
    [InlineData(Failed, "Device class 'cpu-measured' has no dataflow", "--class", "cpu-measured")]
    [InlineData(Misused, "--cost is 'money': macs, edp, energy, latency are accepted.", "--cost", "money")]
    public async Task What_cannot_be_searched_is_told_in_a_sentence(int code, string words, string option, string value)
    {
        string[] cost = option == "--cost" ? [] : ["--cost", "edp"];
        TypedCommand typed = await TypedCommand.RunAsync(Programs.Controller, ["search", .. cost, option, value, "--data", "/nonexistent"]);

        Assert.Equal((code, ""), (typed.Code, typed.Output));
        Assert.Contains(words, typed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_no_network_meets_names_the_ends_of_the_space()
    {
        WriteImages(classes: 2, each: 4);

        (await TypedCommand.RunAsync(Programs.Controller, "search", "--dataset", "folder", "--data", At("set"), "--size", "12", "--target", "1-2"))
            .MustSay(Failed, "No network of the space costs 1 to 2 MACs", "the cheapest costs");
    }

    [Fact]
    public async Task A_network_that_is_damaged_is_named_with_the_place_and_nothing_is_left()
    {
        await File.WriteAllTextAsync(At("net.json"), """{"v": 1, "name": "mine", "frame": {}, "choices": ["k3_e2"]}""");

        TypedCommand typed = await TypedCommand.RunAsync(Programs.Controller, "generate", "--net", At("net.json"), "--out", At("run"));

        Assert.Equal(Failed, typed.Code);
        Assert.Contains("frame.stemChannels must be a whole number", typed.Error, StringComparison.Ordinal);
        Assert.Contains("choices[0] must be one of", typed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("run")));
    }

    private void WriteImages(int classes, int each)
    {
        for (int c = 0; c < classes; c++)
        {
            for (int i = 0; i < each; i++)
            {
                string path = At($"set/train/class-{c}/{i}.png");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                int left = c;
                int shade = i;
                File.WriteAllBytes(path, SomePng.OfGrey(12, 12, (x, y) => (byte)((left == 0 ? x : y) * 20 + (shade % 16))));
            }
        }
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
