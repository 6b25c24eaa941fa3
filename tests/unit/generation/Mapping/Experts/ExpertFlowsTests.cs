using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Tests.Unit.Generation.Mapping.Experts;

public class ExpertFlowsTests
{
    private static readonly Workload Layer = new(new LoopBounds(1, 64, 32, 28, 28, 3, 3));

    public static TheoryData<string> Flows => [.. ExpertFlows.Names];

    private static Dataflow Best(string flow, Architecture architecture, Workload? layer = null) => ExpertFlows.Templates(flow, architecture)
        .Select(t => new EvolutionarySearch(SomeMapping.Space(layer ?? Layer, architecture, t), 1).Run(new SearchBudget(4000), [], CancellationToken.None).Best)
        .MinBy(c => c.Cost.EnergyDelay)!.Mapping.ToDataflow(architecture);

    [Theory]
    [MemberData(nameof(Flows))]
    public void Every_flow_maps_every_layer_of_every_class_legally(string flow)
    {
        foreach (Accelerator accelerator in SomeMapping.EveryAccelerator)
        {
            foreach (Workload workload in SomeMapping.Layers)
            {
                CostModel model = new(workload, accelerator.Architecture, accelerator.WidthsFor(8, 8, 8));
                foreach (FlowConstraints template in ExpertFlows.Templates(flow, accelerator.Architecture))
                {
                    SearchSpace space = new(model, template);
                    Assert.All(SomeMapping.Random(space, 20, seed: 3), m => Assert.True(space.IsLegal(m.View)));
                }
            }
        }
    }

    [Fact]
    public void Weights_stay_while_all_pixels_pass()
    {
        DataflowLevel buffer = Best("weight-stationary", SomeMapping.Eyeriss.Architecture).Levels[1];

        Assert.All(buffer.Spatial, l => Assert.True(l.Axis == MeshAxis.X ? l.Dimension == Dimension.K : l.Dimension is Dimension.C or Dimension.R or Dimension.S));
        Dimension[] innermostFirst = [.. buffer.Temporal.Select(l => l.Dimension).Reverse()];
        int lastPixel = Array.FindLastIndex(innermostFirst, d => d is Dimension.P or Dimension.Q);
        int firstWeight = Array.FindIndex(innermostFirst, d => d is Dimension.K or Dimension.C or Dimension.R or Dimension.S);
        Assert.True(firstWeight < 0 || lastPixel < firstWeight);
    }

    [Fact]
    public void Sums_stay_in_their_unit_until_the_window_is_done()
    {
        DataflowLevel buffer = Best("output-stationary", SomeMapping.Eyeriss.Architecture).Levels[1];

        Dimension[] innermostFirst = [.. buffer.Temporal.Select(l => l.Dimension).Reverse()];
        int lastReduction = Array.FindLastIndex(innermostFirst, d => d is Dimension.C or Dimension.R or Dimension.S);
        int firstOutput = Array.FindIndex(innermostFirst, d => d is Dimension.K or Dimension.P or Dimension.Q);
        Assert.True(firstOutput < 0 || lastReduction < firstOutput);
        Assert.All(buffer.Spatial, l => Assert.True(l.Dimension is Dimension.P or Dimension.Q or Dimension.K));
    }

    [Fact]
    public void Columns_stream_through_a_stage_of_a_pipeline()
    {
        DataflowLevel dram = Best("dnnbuilder", DeviceClasses.Load("zc706").Accelerator!.Architecture).Levels[0];

        Assert.All(dram.Temporal, l => Assert.True(l.Dimension is Dimension.N or Dimension.K or Dimension.Q));
    }

    [Fact]
    public void A_stage_whose_columns_do_not_fit_is_refused()
    {
        Architecture small = ReferenceArchitectures.BuiltIn()["edge64"];
        Workload wide = new(new LoopBounds(1, 64, 64, 224, 224, 3, 3));

        ArgumentException fault = Assert.Throws<ArgumentException>(() => SomeMapping.Space(wide, small, ExpertFlows.Templates("dnnbuilder", small)[0]));

        Assert.Contains("Level 'GlobalBuffer' of 'edge64' holds 262144 bits", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_flow_is_told_with_those_that_there_are()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => ExpertFlows.Templates("no-flow", SomeMapping.Eyeriss.Architecture));

        Assert.StartsWith("There is no expert flow 'no-flow'; there are row-stationary, weight-stationary", fault.Message, StringComparison.Ordinal);
    }
}
