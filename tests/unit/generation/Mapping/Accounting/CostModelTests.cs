using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Accounting;

public class CostModelTests
{
    private static Architecture TwoLevels(double network = 0) => new(
        "pair",
        [
            new MemoryLevel { Name = "Buffer", CapacityWords = 1024, PicojoulesPerWord = 2, NetworkPicojoulesPerWord = network },
            new MemoryLevel { Name = "DRAM", PicojoulesPerWord = 100, ReadWordsPerCycle = 2, WriteWordsPerCycle = 2 },
        ],
        new MacArray { Columns = 4, Rows = 4, PicojoulesPerMac = 1 });

    [Fact]
    public void Input_words_equal_those_of_stepping_through_the_sampled_loops()
    {
        int compared = 0;
        foreach (Workload workload in SomeMapping.Layers)
        {
            SearchSpace space = SomeMapping.Space(workload, SomeMapping.Eyeriss.Architecture);
            foreach (EncodedMapping mapping in SomeMapping.Random(space, 400, seed: 7))
            {
                (_, long[] counts) = SomeMapping.Evaluate(space.Model, mapping);
                for (int level = 0; level < 2; level++)
                {
                    if ((mapping.Keeps[level] & (int)OperandSet.Inputs) == 0)
                        continue;
                    Assert.Equal(SampledInputs.Received(workload, mapping, level), counts[AccessCounts.Fills(level, Operand.Inputs)]);
                    compared++;
                }
            }
        }

        Assert.True(compared > 3000, $"Only {compared} comparisons were made.");
    }

    [Fact]
    public void A_matrix_vector_product_costs_what_is_worked_out_by_hand()
    {
        // 8 outputs of 4 inputs: outputs over 4 units along X, inputs inside, two passes from DRAM.
        Workload layer = new(new LoopBounds(1, 8, 4, 1, 1, 1, 1));
        Dataflow flow = new(
        [
            new DataflowLevel("DRAM", [Operand.Weights, Operand.Inputs, Operand.Outputs], [new TemporalLoop(Dimension.K, 2)], []),
            new DataflowLevel("Buffer", [Operand.Weights, Operand.Inputs, Operand.Outputs], [new TemporalLoop(Dimension.C, 4)], [new SpatialLoop(Dimension.K, 4, MeshAxis.X)]),
        ]);
        CostModel model = new(layer, TwoLevels(), OperandBits.Words);

        (Cost cost, long[] counts) = SomeMapping.Evaluate(model, EncodedMapping.From(flow, model.Architecture, layer));

        // Buffer: weights 32 read, 32 filled; inputs 8 read (one for four units), 4 filled; outputs 32 updates, 24 reads. DRAM: 32 + 4 + 8.
        Assert.Equal([32, 32, 0, 8, 4, 0, 24, 0, 32], counts[..9]);
        Assert.Equal([32, 0, 0, 4, 0, 0, 0, 0, 8], counts[9..]);
        Assert.Equal(32 + (2 * (64 + 12 + 56)) + (100 * 44), cost.EnergyPicojoules);
        Assert.Equal(18, cost.Cycles); // 36 words read at 2 a cycle outlast the 8 cycles of the units
    }

    [Fact]
    public void Units_on_a_diagonal_share_an_input()
    {
        // Output row p of filter row r needs input row p + r: 3 x 3 units see 5 different rows.
        Workload layer = new(new LoopBounds(1, 1, 1, 3, 1, 3, 1));
        EncodedMapping mapping = new(2);
        mapping.Bounds[(2 * 8) + (int)Dimension.P] = 3;
        mapping.Bounds[(4 * 8) + (int)Dimension.R] = 3;

        (_, long[] counts) = SomeMapping.Evaluate(new CostModel(layer, TwoLevels(), OperandBits.Words), mapping);

        Assert.Equal(5, counts[AccessCounts.Reads(0, Operand.Inputs)]);
    }

    [Fact]
    public void Carrying_words_to_the_units_is_charged_per_receiver()
    {
        Workload layer = new(new LoopBounds(1, 4, 1, 1, 1, 1, 1));
        EncodedMapping mapping = new(2);
        mapping.Bounds[(2 * 8) + (int)Dimension.K] = 4;

        Cost free = SomeMapping.Evaluate(new CostModel(layer, TwoLevels(), OperandBits.Words), mapping).Cost;
        Cost charged = SomeMapping.Evaluate(new CostModel(layer, TwoLevels(network: 3), OperandBits.Words), mapping).Cost;

        // Four units get a weight and the same input each, and send one output up.
        Assert.Equal(3 * (4 + 4 + 4), charged.EnergyPicojoules - free.EnergyPicojoules);
    }

    [Fact]
    public void A_finished_output_reaches_DRAM_at_its_own_width_and_partial_sums_at_the_accumulators()
    {
        // The only reduction loop is outermost: every output goes to DRAM and back twice more before it is finished.
        Workload layer = new(new LoopBounds(1, 8, 3, 1, 1, 1, 1));
        EncodedMapping mapping = new(2);
        mapping.Bounds[8 + (int)Dimension.K] = 8;
        mapping.Bounds[8 + (int)Dimension.C] = 3;
        (mapping.Orders[8], mapping.Orders[9]) = ((byte)Dimension.K, (byte)Dimension.N);
        CostModel narrow = new(layer, TwoLevels(), new OperandBits(16, 16, 4, 32)), wide = new(layer, TwoLevels(), new OperandBits(16, 16, 32, 32));

        double saved = SomeMapping.Evaluate(wide, mapping).Cost.EnergyPicojoules - SomeMapping.Evaluate(narrow, mapping).Cost.EnergyPicojoules;

        Assert.Equal(8 * (32 - 4) / 16.0 * 100, saved, 9);
    }

    [Fact]
    public void Energy_and_cycles_never_rise_when_bits_fall()
    {
        int[] widths = [32, 16, 12, 8, 6, 5, 4, 3, 2];
        foreach (Accelerator accelerator in SomeMapping.EveryAccelerator)
        {
            foreach (Workload workload in SomeMapping.Layers)
            {
                SearchSpace space = SomeMapping.Space(workload, accelerator.Architecture, bits: accelerator.WidthsFor(32, 32, 32));
                foreach (EncodedMapping mapping in SomeMapping.Random(space, 40, seed: 3))
                {
                    AssertFalls(widths, bits => Price(workload, accelerator, mapping, bits, bits, bits));
                    AssertFalls(widths, bits => Price(workload, accelerator, mapping, bits, 8, 8));
                    AssertFalls(widths, bits => Price(workload, accelerator, mapping, 8, bits, 8));
                    AssertFalls(widths, bits => Price(workload, accelerator, mapping, 16, 16, bits));
                }
            }
        }
    }

    [Fact]
    public void A_mapping_that_fits_still_fits_with_fewer_bits()
    {
        SearchSpace wide = SomeMapping.Space(SomeMapping.Convolution, SomeMapping.Edge.Architecture, bits: SomeMapping.Edge.WidthsFor(16, 16, 16));
        SearchSpace narrow = SomeMapping.Space(SomeMapping.Convolution, SomeMapping.Edge.Architecture, bits: SomeMapping.Edge.WidthsFor(4, 4, 4));

        Assert.All(SomeMapping.Random(wide, 200, seed: 5), m => Assert.True(wide.IsLegal(m.View) && narrow.IsLegal(m.View)));
        Assert.Contains(SomeMapping.Random(narrow, 200, seed: 5), m => !wide.IsLegal(m.View));
    }

    [Fact]
    public void Costing_a_mapping_allocates_nothing()
    {
        SearchSpace space = SomeMapping.Space(SomeMapping.Convolution, SomeMapping.Eyeriss.Architecture);
        EncodedMapping mapping = SomeMapping.Random(space, 1, seed: 1).Single();
        long[] counts = new long[space.Model.CountsLength];
        space.Model.Evaluate(mapping.View, counts);

        long before = GC.GetAllocatedBytesForCurrentThread();
        space.Model.Evaluate(mapping.View, counts);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static Cost Price(Workload workload, Accelerator accelerator, EncodedMapping mapping, int weights, int inputs, int outputs) =>
        SomeMapping.Evaluate(new CostModel(workload, accelerator.Architecture, accelerator.WidthsFor(weights, inputs, outputs)), mapping).Cost;

    private static void AssertFalls(int[] widths, Func<int, Cost> price)
    {
        Cost last = price(widths[0]);
        foreach (int bits in widths.Skip(1))
        {
            Cost cost = price(bits);
            Assert.True(cost.EnergyPicojoules <= last.EnergyPicojoules, $"{bits} bits cost {cost}, more bits {last}.");
            Assert.True(cost.Cycles <= last.Cycles, $"{bits} bits cost {cost}, more bits {last}.");
            last = cost;
        }
    }
}
