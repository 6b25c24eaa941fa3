using System.Collections.Concurrent;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Mapping.Network;

public class NetworkMapperTests
{
    private static readonly NetSpec Net = MobileNet.Build(
        "two-blocks", new TensorShape(1, 14, 14), 10, stemChannels: 8, stemStride: 1, [new(3, 8, 1), new(3, 8, 1)], headerChannels: 32);

    private static NetworkMapping Map(string device, int threads = 0, long evaluations = 2000, IProgress<MapProgress>? progress = null) => NetworkMapper.Map(
        Net, DeviceClasses.Load(device), SomeMapping.Precisions(32, 8, 4), new MapOptions { Seed = 3, EvaluationsPerLayer = evaluations, Threads = threads }, progress, CancellationToken.None);

    [Theory]
    [InlineData("eyeriss-168")]
    [InlineData("edge-64")]
    public void The_search_never_loses_to_the_expert_nor_beats_the_compulsory_cost(string device)
    {
        NetworkMapping mapping = Map(device);

        Assert.Equal([4, 8, 32], mapping.Precisions.Select(p => p.Precision.Bits));
        Assert.All(mapping.Precisions, p =>
        {
            Assert.True(p.Searched.EnergyDelayJouleSeconds <= p.BestExpert().Cost.EnergyDelayJouleSeconds);
            Assert.True(p.Bound.EnergyMillijoules <= p.Searched.EnergyMillijoules);
            Assert.True(p.Bound.LatencyMilliseconds <= p.Searched.LatencyMilliseconds);
            Assert.All(p.Layers, l => Assert.True(l.Bound.Cycles <= l.Searched.Cost.Cycles && l.Bound.EnergyPicojoules <= l.Searched.Cost.EnergyPicojoules));
        });
    }

    [Fact]
    public void Fewer_bits_never_cost_more()
    {
        FrameCost[] rising = [.. Map("edge-64", evaluations: 300).Precisions.Select(p => p.Searched)];

        Assert.True(rising[0].EnergyDelayJouleSeconds <= rising[1].EnergyDelayJouleSeconds);
        Assert.True(rising[1].EnergyDelayJouleSeconds <= rising[2].EnergyDelayJouleSeconds);
    }

    [Fact]
    public void The_frame_is_the_sum_of_its_layers_in_joules_and_seconds()
    {
        PrecisionMapping mapped = Map("eyeriss-168", evaluations: 300).Precisions[0];

        Assert.Equal(mapped.Layers.Sum(l => l.Searched.Cost.EnergyPicojoules) * 1e-9, mapped.Searched.EnergyMillijoules, 12);
        Assert.Equal(mapped.Layers.Sum(l => l.Searched.Cost.Cycles) / 250e6 * 1e3, mapped.Searched.LatencyMilliseconds, 12);
        Assert.Equal(["stem", "b0.expand", "b0.depthwise", "b0.project", "b1.expand", "b1.depthwise", "b1.project", "header", "logits"], mapped.Layers.Select(l => l.Layer));
    }

    [Fact]
    public void The_stem_and_the_classifier_keep_eight_bits()
    {
        PrecisionMapping mapped = Map("eyeriss-168", evaluations: 300).Precisions[0];

        Assert.Equal((8, 8), (mapped.Layers[0].Bits.Weights, mapped.Layers[0].Bits.Inputs));
        Assert.Equal((4, 4), (mapped.Layers[1].Bits.Weights, mapped.Layers[1].Bits.Inputs));
        Assert.Equal((8, 32), (mapped.Layers[^1].Bits.Weights, mapped.Layers[^1].Bits.Outputs));
    }

    [Fact]
    public void One_thread_and_two_find_the_same()
    {
        Assert.Equal(
            Map("edge-64", threads: 1, evaluations: 300).Precisions.Select(p => p.Searched),
            Map("edge-64", threads: 2, evaluations: 300).Precisions.Select(p => p.Searched));
    }

    [Fact]
    public void Layers_with_equal_loops_and_bits_are_mapped_once()
    {
        ConcurrentQueue<MapProgress> told = new();

        PrecisionMapping mapped = Map("edge-64", evaluations: 300, progress: new Told(told)).Precisions[0];

        // Both blocks have the same three layers, bits included; stem, header and classifier come on top.
        Assert.Equal(6, told.Count);
        Assert.Equal(6, told.Max(p => p.LayersDone));
        Assert.Equal(mapped.Layers[1].Searched.Cost, mapped.Layers[4].Searched.Cost);
    }

    [Fact]
    public void A_group_of_a_grouped_layer_is_charged_once_per_group()
    {
        NetSpec grouped = new("grouped", new TensorShape(8, 6, 6),
        [
            new ConvSpec("pair", NetSpec.InputName, 8, 8, 3, 1, 2, Relu: true),
            new GlobalPoolSpec("pool", "pair"),
            new LinearSpec("logits", "pool", 8, 2),
        ]);

        Workload workload = LayerWorkload.Of(grouped, grouped.Layers[0]);

        Assert.Equal(new LoopBounds(1, 4, 4, 6, 6, 3, 3), workload.Bounds);
        Assert.Equal(grouped.MacsOf(grouped.Layers[0]), workload.MacsPerGroup * workload.Groups);
    }

    [Fact]
    public void A_class_that_is_measured_has_no_dataflow()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Map("cpu-measured"));

        Assert.Contains("measured on the device", fault.Message, StringComparison.Ordinal);
    }

    private sealed class Told(ConcurrentQueue<MapProgress> queue) : IProgress<MapProgress>
    {
        public void Report(MapProgress value) => queue.Enqueue(value);
    }
}
