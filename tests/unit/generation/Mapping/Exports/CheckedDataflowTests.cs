using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Exports;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Exports;

public class CheckedDataflowTests
{
    [Fact]
    public void A_legal_dataflow_is_costed_as_it_was_searched()
    {
        Architecture architecture = SomeMapping.Eyeriss.Architecture;
        SearchSpace space = SomeMapping.Space(SomeMapping.Strided, architecture);
        foreach (EncodedMapping mapping in SomeMapping.Random(space, 20, seed: 4))
        {
            CheckedDataflow flow = SomeDataflow.Checked(SomeMapping.Strided, architecture, mapping, OperandBits.Words);

            Assert.Equal(SomeMapping.Evaluate(space.Model, mapping).Counts, SomeMapping.Evaluate(space.Model, flow.Mapping).Counts);
        }
    }

    [Fact]
    public void Loops_that_do_not_cover_the_layer_are_named_with_their_levels() =>
        Refused(SomeDataflow.Small with { Loops = new LoopBounds(1, 16, 6, 4, 4, 3, 3) }, "The loops over K multiply to 8 (DRAM 4, RegFile 2), the layer has 16.");

    [Fact]
    public void A_level_of_another_class_is_named() =>
        Refused(WithLevel(1, l => l with { Level = "Cache" }), "The dataflow names 'Cache' where 'eyeriss-168' has 'GlobalBuffer'.");

    [Fact]
    public void A_missing_level_is_named() =>
        Refused(SomeDataflow.Small with { Levels = [.. SomeDataflow.Small.Levels.Take(2)] }, "The dataflow has 2 levels, 'eyeriss-168' has 3 (DRAM, GlobalBuffer, RegFile).");

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(int.MinValue)]
    public void A_bound_below_one_is_named(int bound) =>
        Refused(WithLevel(0, l => l with { Temporal = [new TemporalLoop(Dimension.K, bound)] }), $"Level 'DRAM' has a loop over K of bound {bound}; the least is 1.");

    [Fact]
    public void Bounds_that_would_overflow_do_not_wrap_around_to_a_match() => Refused(
        WithLevel(1, l => l with { Spatial = [.. Enumerable.Repeat(new SpatialLoop(Dimension.N, 1 << 16, MeshAxis.X), 2), .. l.Spatial] }), "The loops over N multiply to");

    [Fact]
    public void Tiles_that_overflow_a_memory_say_which_and_by_how_many_bits() =>
        Refused(WithLevels(
            l => l with { Temporal = [] }, l => l with { Temporal = [new TemporalLoop(Dimension.Q, 4)] },
            l => l with { Temporal = [.. l.Temporal.Where(t => t.Dimension == Dimension.S), new TemporalLoop(Dimension.K, 8), new TemporalLoop(Dimension.C, 6)] }) with { Bits = new OperandBits(32, 32, 32, 32) },
            "Level 'RegFile' of 'eyeriss-168' holds 4096 bits; its tiles take 5440, 1344 too many.");

    [Fact]
    public void More_units_than_the_mesh_has_are_named() =>
        Refused(WithLevel(1, l => l with { Spatial = [.. l.Spatial, new SpatialLoop(Dimension.Q, 4, MeshAxis.X)], Temporal = [new TemporalLoop(Dimension.C, 3)] }), "Level 'GlobalBuffer' spreads over 16 along X; 'eyeriss-168' has 14 there.");

    [Fact]
    public void A_tensor_that_may_not_pass_a_level_by_is_named() =>
        Refused(WithLevel(2, l => l with { Keeps = [Operand.Inputs, Operand.Outputs] }), "Level 'RegFile' does not keep weights, which cannot pass it by on 'eyeriss-168'.");

    [Fact]
    public void Fields_that_JSON_can_spoil_are_named()
    {
        Refused(SomeDataflow.Small with { Stride = 0 }, "stride is 0; the least is 1.");
        Refused(SomeDataflow.Small with { Groups = -1 }, "groups is -1; the least is 1.");
        Refused(SomeDataflow.Small with { Bits = new OperandBits(0, 8, 8, 16) }, "bits.weights is 0; 1 to 64 are accepted.");
        Refused(SomeDataflow.Small with { Bits = new OperandBits(8, 8, 16, 8) }, "bits.partialSums is 8; it is not below bits.outputs, 16.");
        Refused(SomeDataflow.Small with { Loops = new LoopBounds(1, 8, 6, -4, 4, 3, 3) }, "Loop P has bound -4; the least is 1.");
        Refused(WithLevel(0, _ => null!), "levels[0] is null; a level is accepted.");
        Refused(WithLevel(0, l => l with { Temporal = [null!] }), "levels[0].temporal has an entry that is no loop");
        Refused(WithLevel(0, l => l with { Temporal = [new TemporalLoop((Dimension)9, 4)] }), "levels[0].temporal has an entry that is no loop");
        Refused(WithLevel(1, l => l with { Spatial = [new SpatialLoop(Dimension.P, 4, (MeshAxis)2)] }), "levels[1].spatial has an entry that is no loop");
        Refused(WithLevel(1, l => l with { Keeps = [(Operand)3] }), "levels[1].keeps has an entry that is no tensor");
    }

    private static DataflowDocument WithLevel(int index, Func<DataflowLevel, DataflowLevel> change) =>
        SomeDataflow.Small with { Levels = [.. SomeDataflow.Small.Levels.Select((l, i) => i == index ? change(l) : l)] };

    private static DataflowDocument WithLevels(params Func<DataflowLevel, DataflowLevel>[] changes) =>
        SomeDataflow.Small with { Levels = [.. SomeDataflow.Small.Levels.Zip(changes, (l, change) => change(l))] };

    private static void Refused(DataflowDocument document, string sentence)
    {
        InvalidDataException fault = Assert.Throws<InvalidDataException>(() => CheckedDataflow.From(document, SomeMapping.Eyeriss.Architecture));

        Assert.StartsWith($"Layer 'conv': {sentence}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }
}
