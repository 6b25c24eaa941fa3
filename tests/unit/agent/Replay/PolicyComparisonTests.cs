using InstantNet.Agent.PrecisionControl;
using InstantNet.Agent.Replay;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Replay;

public class PolicyComparisonTests
{
    private const int ExampleSeed = 7;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "traces");
    private static readonly Lazy<IReadOnlyList<PolicyComparison>> Examples = new(() => [.. ExampleTraces.All(ExampleSeed).Select(Compare)]);

    [Fact]
    public void The_traces_in_the_repository_are_what_the_generator_writes() =>
        Assert.All(ExampleTraces.All(ExampleSeed), t => Assert.Equal(t.Text, File.ReadAllText(Path.Combine(Folder, t.Name + ".csv"))));

    [Fact]
    public void Over_the_six_traces_the_horizon_delivers_97_percent_of_what_foresight_would()
    {
        Assert.Equal(6, Examples.Value.Count);
        Assert.True(Examples.Value.Average(c => c.Results[0].Accuracy / c.Optimum) >= 0.97);
    }

    [Fact]
    public void On_no_trace_the_horizon_delivers_less_than_thresholds_or_the_lowest_precision() => Assert.All(Examples.Value, c => Assert.All(
        c.Results.Skip(1), other => Assert.True(c.Results[0].Accuracy >= other.Accuracy, $"{c.Trace}: {other.Policy}")));

    [Fact]
    public void On_no_trace_the_horizon_overruns_the_battery_by_more_than_two_percent() =>
        Assert.All(Examples.Value, c => Assert.InRange(c.Results[0].OverrunPct, 0, 2));

    [Fact]
    public void Nothing_delivers_more_than_the_offline_optimum() =>
        Assert.All(Examples.Value, c => Assert.All(c.Results, r => Assert.True(r.Accuracy <= c.Optimum + 1e-9, $"{c.Trace}: {r.Policy}")));

    [Fact]
    public void The_drawing_has_a_line_for_battery_and_one_for_bits_of_each_policy() =>
        Assert.Equal(8, ReplayPlot.ToSvg(Examples.Value[0]).Split("<polyline").Length - 1);

    private static PolicyComparison Compare((string Name, string Text) example)
    {
        Trace trace = Trace.Parse(example.Name, example.Text);
        string file = trace.Rows.Sum(r => r.Seconds) > 86_400 ? "policy-three-days.json" : "policy-one-day.json";
        Assert.Empty(PolicyDocument.Read(File.ReadAllText(Path.Combine(Folder, file)), out PrecisionPolicy? policy));
        VariantCost[] variants = VariantFile.Parse("variants", File.ReadAllText(Path.Combine(Folder, "variants.json")));
        return PolicyComparison.Of(trace, variants, policy!);
    }
}
