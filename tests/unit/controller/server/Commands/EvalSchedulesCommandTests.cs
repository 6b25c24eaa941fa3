using InstantNet.Controller.Commands;

namespace InstantNet.Tests.Unit.Controller.Commands;

public class EvalSchedulesCommandTests
{
    [Theory]
    [InlineData("--dataset", "imagenet")]
    [InlineData("--schedules", "cdt,qat")]
    [InlineData("--quantizer", "pact")]
    [InlineData("--bits", "8,4")]
    [InlineData("--bits", "1,4")]
    [InlineData("--bits", "4,33")]
    [InlineData("--seeds", "0")]
    [InlineData("--budget", "25")]
    [InlineData("--budget", "-3m")]
    [InlineData("--budget", "m")]
    public async Task A_wrong_option_fails(string option, string value) =>
        Assert.Equal(CommandLine.Failed, await CommandLine.RunAsync(["eval", "schedules", option, value, "--data", "/nonexistent"]));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("25m", 1500)]
    [InlineData("1.5h", 5400)]
    public void A_time_has_a_unit(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Durations.Parse("--budget", text));
}
