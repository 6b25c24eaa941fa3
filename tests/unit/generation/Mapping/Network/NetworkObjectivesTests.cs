using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Mapping.Network;

public class NetworkObjectivesTests
{
    private static readonly NetSpec Net = MobileNet.Build(
        "two-blocks", new TensorShape(1, 14, 14), 10, stemChannels: 8, stemStride: 1, [new(3, 8, 1), new(3, 16, 2)], headerChannels: 32);

    private static PrecisionMapping Map(MapOptions options, string device = "edge-64") => NetworkMapper.Map(
        Net, DeviceClasses.Load(device), [new Precision(8)], options with { EvaluationsPerLayer = 3000, Flows = options.Flows.Count == 0 ? [] : ["row-stationary", "dnnbuilder"] },
        null, CancellationToken.None).Precisions[0];

    private static MapOptions For(MapObjective objective) => new() { Objective = objective, Flows = [] };

    [Fact]
    public void The_network_is_best_at_what_was_asked_for()
    {
        FrameCost product = Map(For(MapObjective.EnergyDelay)).Searched, energy = Map(For(MapObjective.Energy)).Searched, latency = Map(For(MapObjective.Latency)).Searched;

        Assert.True(energy.EnergyMillijoules <= product.EnergyMillijoules && energy.EnergyMillijoules <= latency.EnergyMillijoules);
        Assert.True(latency.LatencyMilliseconds <= product.LatencyMilliseconds && latency.LatencyMilliseconds <= energy.LatencyMilliseconds);
        Assert.True(product.EnergyDelayJouleSeconds <= energy.EnergyDelayJouleSeconds && product.EnergyDelayJouleSeconds <= latency.EnergyDelayJouleSeconds);
    }

    [Fact]
    public void A_bound_on_latency_is_kept_with_less_energy_the_looser_it_is()
    {
        MapOptions energy = For(MapObjective.Energy);
        double fastest = Map(For(MapObjective.Latency)).Searched.LatencyMilliseconds, slowest = Map(energy).Searched.LatencyMilliseconds;
        double middle = (fastest + slowest) / 2;

        FrameCost tight = Map(energy with { LatencyBoundMilliseconds = fastest * 1.01 }).Searched, loose = Map(energy with { LatencyBoundMilliseconds = middle }).Searched;

        Assert.True(tight.LatencyMilliseconds <= fastest * 1.01 && loose.LatencyMilliseconds <= middle);
        Assert.True(loose.EnergyMillijoules <= tight.EnergyMillijoules);
    }

    [Fact]
    public void A_bound_that_nothing_found_keeps_is_told_with_what_the_fastest_takes()
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => Map(For(MapObjective.Energy) with { LatencyBoundMilliseconds = 1e-6 }));

        Assert.Matches("^No mapping found at 8-bit keeps a frame within 1E-06 ms: the fastest takes [0-9.]+ ms\\.$", fault.Message);
    }

    [Fact]
    public void The_frontier_rises_in_energy_as_it_falls_in_latency_and_holds_the_choice_or_better()
    {
        PrecisionMapping mapped = Map(For(MapObjective.EnergyDelay));

        Assert.True(mapped.Frontier.Zip(mapped.Frontier.Skip(1)).All(p => p.First.EnergyMillijoules < p.Second.EnergyMillijoules && p.First.LatencyMilliseconds > p.Second.LatencyMilliseconds));
        Assert.Contains(mapped.Frontier, f => f.EnergyMillijoules <= mapped.Searched.EnergyMillijoules && f.LatencyMilliseconds <= mapped.Searched.LatencyMilliseconds);
    }

    [Fact]
    public void A_pipeline_is_taken_where_it_is_better_and_never_worse_than_the_experts()
    {
        MapOptions any = new() { MayPipeline = true };
        PrecisionMapping board = Map(any, "zc706"), one = Map(any with { MayPipeline = false }, "zc706");

        Assert.Equal(["row-stationary", "dnnbuilder"], board.Experts.Select(e => e.Flow));
        Assert.True(board.Searched.EnergyDelayJouleSeconds <= one.Searched.EnergyDelayJouleSeconds);
        Assert.All(board.Experts, e => Assert.True(board.Searched.EnergyDelayJouleSeconds <= e.Cost.EnergyDelayJouleSeconds));
        Assert.True(board.Engines > 1 && board.Searched.IntervalMilliseconds < board.Searched.LatencyMilliseconds);
        Assert.Equal(Enumerable.Range(0, board.Layers.Count), board.Layers.Select(l => l.Engine));
        Assert.True(board.Resources!.IsWithinBudget);
        Assert.True(board.Bound.EnergyMillijoules <= board.Searched.EnergyMillijoules && board.Bound.IntervalMilliseconds <= board.Searched.IntervalMilliseconds);
    }

    [Fact]
    public void A_layer_that_a_class_has_no_room_for_is_named()
    {
        DeviceClass edge = DeviceClasses.Load("edge-64");
        Architecture small = edge.Accelerator!.Architecture;
        MemoryLevel[] levels = [small.Levels[0] with { CapacityWords = 1 }, .. small.Levels.Skip(1)];
        DeviceClass tiny = edge with { Accelerator = edge.Accelerator with { Architecture = new Architecture("tiny", levels, small.Macs) } };

        ArgumentException fault = Assert.Throws<ArgumentException>(() => NetworkMapper.Map(
            Net, tiny, [new Precision(8)], new MapOptions { EvaluationsPerLayer = 10 }, null, CancellationToken.None));

        Assert.Matches("^Layer '[a-z0-9.]+' cannot be mapped: Level 'RegFile' of 'tiny' holds 16 bits; the smallest tile of this layer takes [0-9]+", fault.Message);
    }
}
