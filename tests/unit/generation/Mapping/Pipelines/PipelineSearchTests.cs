using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Pipelines;

namespace InstantNet.Tests.Unit.Generation.Mapping.Pipelines;

public class PipelineSearchTests
{
    private static readonly Accelerator Board = DeviceClasses.Load("zc706").Accelerator!;
    private static readonly Workload[] Layers =
    [
        new(new LoopBounds(1, 16, 3, 28, 28, 3, 3)),
        new(new LoopBounds(1, 32, 16, 14, 14, 3, 3), stride: 2),
        new(new LoopBounds(1, 10, 32, 1, 1, 1, 1)),
    ];

    private static PipelineMapping? Search(bool isSearched, Architecture? architecture = null, int bits = 8) =>
        new PipelineSearch(architecture ?? Board.Architecture, isSearched, new MapOptions { EvaluationsPerLayer = 2000 })
            .Run(Layers, [.. Layers.Select(_ => Board.WidthsFor(bits, bits, bits))], CancellationToken.None);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stages_share_the_units_and_the_buffer(bool isSearched)
    {
        PipelineMapping pipeline = Search(isSearched)!;

        Assert.True(pipeline.Layers.Sum(l => l.Model.Architecture.Macs.Count) <= 900);
        Assert.True(pipeline.Layers.Sum(l => l.Model.Architecture.Levels[1].CapacityWords) <= Board.Architecture.Levels[1].CapacityWords);
    }

    [Fact]
    public void Only_the_first_input_the_last_output_and_the_weights_cross_the_outermost_memory()
    {
        PipelineMapping pipeline = Search(isSearched: true)!;

        OperandSet[] handed = [.. pipeline.Layers.Select(l => l.Model.Architecture.Levels[^1].HandedOver)];
        Assert.Equal([OperandSet.Outputs, OperandSet.Inputs | OperandSet.Outputs, OperandSet.Inputs], handed);
    }

    [Fact]
    public void Columns_leave_a_stage_in_the_order_in_which_the_next_one_takes_them()
    {
        PipelineMapping pipeline = Search(isSearched: true)!;

        for (int i = 0; i < Layers.Length; i++)
        {
            DataflowLevel outermost = pipeline.Chosen[i].Mapping.ToDataflow(pipeline.Layers[i].Model.Architecture).Levels[0];
            Assert.All(outermost.Temporal, l => Assert.True(l.Dimension is Dimension.N or Dimension.Q or Dimension.K));
            Dimension[] order = [.. outermost.Temporal.Select(l => l.Dimension).Where(d => d != Dimension.N)];
            Assert.True(order is [] or [_] or [Dimension.Q, Dimension.K]);
        }
    }

    [Fact]
    public void The_interval_is_the_slowest_stages_and_the_latency_is_all_stages_together()
    {
        PipelineMapping pipeline = Search(isSearched: false)!;
        long[] cycles = [.. pipeline.Layers.Select((l, i) => l.Total(pipeline.Chosen[i]).Cycles)];

        Assert.True(pipeline.IntervalCycles >= cycles.Max());
        Assert.Equal(cycles.Sum(), pipeline.LatencyCycles);
        Assert.Equal(pipeline.Layers.Select((l, i) => l.Total(pipeline.Chosen[i]).EnergyPicojoules).Sum(), pipeline.EnergyPicojoules);
    }

    [Fact]
    public void An_accelerator_too_small_for_the_columns_has_no_pipeline()
    {
        MemoryLevel[] levels = [.. Board.Architecture.Levels];
        levels[1] = levels[1] with { CapacityWords = 100 };

        Assert.Null(Search(isSearched: true, new Architecture("small", levels, Board.Architecture.Macs)));
    }

    [Fact]
    public void What_is_handed_over_costs_an_access_of_the_buffer_instead_of_the_outermost_memory()
    {
        Workload layer = new(new LoopBounds(1, 4, 8, 1, 1, 1, 1));
        StageShare share = new(2, 2, 16_384);
        Architecture stage = StageArchitecture.Of(Board.Architecture, share, OperandSet.Inputs | OperandSet.Outputs);
        EncodedMapping mapping = new(3);
        mapping.Bounds[8 + (int)Dimension.K] = 4;
        mapping.Bounds[8 + (int)Dimension.C] = 8;
        OperandBits bits = Board.WidthsFor(8, 8, 8);

        LevelBreakdown alone = new CostModel(layer, StageArchitecture.Of(Board.Architecture, share, OperandSet.None), bits).Breakdown(mapping.View).Levels[0];
        LevelBreakdown handed = new CostModel(layer, stage, bits).Breakdown(mapping.View).Levels[0];

        Assert.Equal((8 * 8 / 16.0 * 200, 4 * 8 / 16.0 * 200), (alone.InputsPicojoules, alone.OutputsPicojoules));
        Assert.Equal((8 * 8 / 16.0 * 3.78, 4 * 8 / 16.0 * 3.78), (handed.InputsPicojoules, handed.OutputsPicojoules));
        Assert.Equal(alone.WeightsPicojoules, handed.WeightsPicojoules);
    }
}
