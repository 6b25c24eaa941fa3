using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Experts;

public class RowStationaryTests
{
    [Fact]
    public void A_unit_holds_whole_filter_rows_and_slides_them_along_output_rows()
    {
        Architecture architecture = SomeMapping.Eyeriss.Architecture;
        SearchSpace space = SomeMapping.Space(new Workload(new LoopBounds(1, 64, 32, 28, 28, 3, 3)), architecture, RowStationary.On(architecture));

        SearchOutcome outcome = new EvolutionarySearch(space, 1).Run(new SearchBudget(20_000), [], CancellationToken.None);

        Dataflow flow = outcome.Best.Mapping.ToDataflow(architecture);
        DataflowLevel dram = flow.Levels[0], buffer = flow.Levels[1], unit = flow.Levels[2];
        Assert.Equal("RegFile", unit.Level);
        Assert.Contains(new TemporalLoop(Dimension.S, 3), unit.Temporal);
        Assert.All(unit.Temporal, l => Assert.True(l.Dimension is Dimension.S or Dimension.C or Dimension.K));
        Assert.All(buffer.Spatial, l => Assert.True(l.Axis == MeshAxis.X
            ? l.Dimension is Dimension.P or Dimension.K
            : l.Dimension is Dimension.R or Dimension.C or Dimension.K));
        Assert.Contains(new SpatialLoop(Dimension.R, 3, MeshAxis.Y), buffer.Spatial);
        Assert.Equal(Dimension.Q, buffer.Temporal[^1].Dimension);
        Assert.DoesNotContain(Operand.Weights, buffer.Keeps);
        Assert.Equal(3, dram.Keeps.Count);
    }

    [Fact]
    public void An_architecture_without_an_array_has_no_rows_to_keep()
    {
        Architecture serial = new("serial", [new MemoryLevel { Name = "DRAM" }], new MacArray { Columns = 1, Rows = 1, PicojoulesPerMac = 1 });

        Assert.Throws<ArgumentException>(() => RowStationary.On(serial));
    }
}
