using InstantNet.Bench.Agents;

namespace InstantNet.Tests.Unit.Bench.Agents;

public class AgentBenchOptionsTests
{
    private static readonly string Here = Environment.ProcessPath!;

    [Theory]
    [InlineData(20, 5, 0.1)]
    [InlineData(2000, 100, 20)]
    [InlineData(1_000_000, 10_000, 3600)]
    public void What_can_be_measured_is_accepted(int frames, int swaps, double idle) =>
        Assert.Null(new AgentBenchOptions(frames, swaps, idle, AgentBenchOptions.DefaultNets.Split(','), Here).FirstFault());

    [Theory]
    [InlineData(19, 5, 1, "--frames is 19: 20 to 1000000 are accepted.")]
    [InlineData(1_000_001, 5, 1, "--frames is 1000001: 20 to 1000000 are accepted.")]
    [InlineData(20, 4, 1, "--swaps is 4: 5 to 10000 are accepted.")]
    [InlineData(20, 10_001, 1, "--swaps is 10001: 5 to 10000 are accepted.")]
    [InlineData(20, 5, 0, "--idle is 0: 0.1 to 3600 seconds are accepted.")]
    [InlineData(20, 5, double.NaN, "--idle is NaN: 0.1 to 3600 seconds are accepted.")]
    public void What_cannot_is_refused_with_a_sentence(int frames, int swaps, double idle, string sentence) =>
        Assert.Equal(sentence, new AgentBenchOptions(frames, swaps, idle, AgentBenchOptions.DefaultNets.Split(','), Here).FirstFault());

    [Fact]
    public void A_network_that_nobody_knows_is_named() => Assert.StartsWith(
        "--nets has 'k3_e9': mobilenet-small, ", new AgentBenchOptions(20, 5, 1, ["k3_e1", "k3_e9"], Here).FirstFault(), StringComparison.Ordinal);

    [Fact]
    public void A_program_that_is_not_there_is_named_with_what_compiles_it() => Assert.Equal(
        "--program is '/nonexistent/agent', which does not exist: deploy/build-agent.sh compiles it.",
        new AgentBenchOptions(20, 5, 1, ["k3_e1"], "/nonexistent/agent").FirstFault());
}
