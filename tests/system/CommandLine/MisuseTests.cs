using InstantNet.Tests.System.Fleet;

namespace InstantNet.Tests.System.CommandLine;

/// <summary>What is typed wrong is named.</summary>
public class MisuseTests
{
    private const int Misused = 2;

    [Theory]
    [InlineData("nonsense", "nonsense")]
    [InlineData("nonsense", "map nonsense")]
    [InlineData("nonsense", "rollout nonsense --data /tmp")]
    [InlineData("--wrong", "serve --wrong 1")]
    [InlineData("--wrong", "map cost --rows x --wrong")]
    [InlineData("--rows", "map cost --rows")]
    [InlineData("--port", "serve --port 70000")]
    public async Task The_controller_names_the_word_it_does_not_know(string unknown, string typed) =>
        (await TypedCommand.RunAsync(Programs.Controller, typed.Split(' '))).MustSay(Misused, unknown, "--help");

    [Theory]
    [InlineData("nonsense", "nonsense")]
    [InlineData("--wrong", "run --wrong")]
    [InlineData("--config", "run")]
    [InlineData("--count", "bench-switch --config x --count 0")]
    public async Task The_agent_names_the_word_it_does_not_know(string unknown, string typed) =>
        (await TypedCommand.RunAsync(Programs.Agent, typed.Split(' '))).MustSay(Misused, unknown, "--help");
}
