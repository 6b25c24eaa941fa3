using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Exports;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Network;

public class PaddedWorkloadsTests
{
    private static readonly NetworkLoops Awkward = new(
        "awkward", [new LayerLoops("prime", new Workload(new LoopBounds(1, 31, 29, 13, 13, 3, 3)), OperandFloors.None)]);

    private static PrecisionMapping Map(bool mayPad) => NetworkMapper.Map(
        Awkward, DeviceClasses.Load("eyeriss-168"), [new Precision(16)],
        new MapOptions { EvaluationsPerLayer = 5000, MayPad = mayPad, Flows = [] }, null, CancellationToken.None).Precisions[0];

    [Fact]
    public void Bounds_grow_to_multiples_of_what_lies_along_an_axis_by_a_fifth_at_most()
    {
        int[] candidates = [.. PaddedWorkloads.Candidates(13, SomeMapping.Eyeriss.Architecture)];

        // Along axes of 14 and 12: 14 = 2 x 7 and 15 = 3 x 5 are within 13 x 1.2 = 15.6, 16 is not.
        Assert.Equal([14, 15], candidates);
    }

    [Fact]
    public void Padding_helps_where_bounds_are_primes_and_every_padded_operation_is_paid_for()
    {
        PrecisionMapping exact = Map(mayPad: false), padded = Map(mayPad: true);
        LayerMapping layer = padded.Layers[0];

        Assert.True(padded.Searched.EnergyDelayJouleSeconds < exact.Searched.EnergyDelayJouleSeconds);
        LoopBounds loops = Assert.IsType<LoopBounds>(layer.Searched.Padded);
        Assert.True(loops.Product > layer.Workload.Bounds.Product);
        Assert.Equal(loops.Product * 1.0, layer.Searched.Breakdown.MacPicojoules, 6);
        Assert.True(padded.Bound.EnergyDelayJouleSeconds <= padded.Searched.EnergyDelayJouleSeconds);
    }

    [Fact]
    public void A_padded_dataflow_travels_with_the_loops_that_it_runs()
    {
        PrecisionMapping padded = Map(mayPad: true);
        NetworkMapping mapping = new("awkward", "eyeriss-168", 1, MapObjective.EnergyDelay, [padded]);

        DataflowDocument again = DataflowDocument.Parse(DataflowDocument.From(mapping, padded).Single().ToJson());

        Assert.Equal(padded.Layers[0].Searched.Padded, again.LoopsAsRun);
        Assert.Equal(new LoopBounds(1, 31, 29, 13, 13, 3, 3), again.Loops);
        Assert.Equal(padded.Layers[0].Searched.Cost, CostedDataflow.Of(again, null, PhysicalEffects.NetworkDeliveries).Cost);
    }
}
