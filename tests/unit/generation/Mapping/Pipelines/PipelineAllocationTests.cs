using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Pipelines;

namespace InstantNet.Tests.Unit.Generation.Mapping.Pipelines;

public class PipelineAllocationTests
{
    private static StageDemand Demand(long work, long buffer, params int[] units) => new(work, [.. units.Select(u => (u, 1))], buffer);

    [Fact]
    public void The_slowest_stage_grows_until_no_units_are_left()
    {
        IReadOnlyList<StageShare>? shares = PipelineAllocation.Share([Demand(800, 0, 1, 2, 4, 8, 16), Demand(100, 0, 1, 2, 4)], units: 10, bufferBits: 0);

        // 800 on 8 units takes as long as 100 on 1; 16 units are more than there are.
        Assert.Equal([8L, 1L], shares!.Select(s => s.Units));
    }

    [Fact]
    public void Growth_ends_where_the_slowest_stage_cannot_grow()
    {
        IReadOnlyList<StageShare>? shares = PipelineAllocation.Share([Demand(800, 0, 1, 2), Demand(100, 0, 1, 2, 4)], units: 100, bufferBits: 0);

        Assert.Equal([2L, 1L], shares!.Select(s => s.Units));
    }

    [Fact]
    public void Each_stage_gets_its_least_buffer_and_a_part_of_the_rest_by_its_work()
    {
        IReadOnlyList<StageShare>? shares = PipelineAllocation.Share([Demand(300, 64, 1), Demand(100, 16, 1)], units: 2, bufferBits: 480);

        Assert.Equal([64L + 300, 16L + 100], shares!.Select(s => s.BufferBits));
    }

    [Theory]
    [InlineData(1, 1000)] // two stages, one unit
    [InlineData(2, 79)] // 80 bits are the least
    public void A_pipeline_that_does_not_fit_is_none(long units, long bufferBits) =>
        Assert.Null(PipelineAllocation.Share([Demand(300, 64, 1), Demand(100, 16, 1)], units, bufferBits));

    [Fact]
    public void Meshes_are_exact_products_and_the_squarest_of_their_size()
    {
        IReadOnlyList<(int Columns, int Rows)> meshes = StageMeshes.Of(new LoopBounds(1, 6, 4, 1, 1, 1, 1), [Dimension.K], [Dimension.C], mostUnits: 12);

        Assert.Equal([(1, 1), (1, 2), (3, 1), (2, 2), (3, 2), (2, 4), (3, 4)], meshes);
    }
}
