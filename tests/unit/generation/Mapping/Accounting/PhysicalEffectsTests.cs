using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Accounting;

public class PhysicalEffectsTests
{
    private const int Rf = 0, Dram = 1;

    /// <summary>One unit with a small memory below an outermost one that reads and writes a word a cycle.</summary>
    private static Architecture Serial(int columns = 1) => new(
        "serial",
        [
            new MemoryLevel { Name = "RF", PicojoulesPerWord = 1, CapacityWords = 4096, Columns = columns },
            new MemoryLevel { Name = "DRAM", PicojoulesPerWord = 100, ReadWordsPerCycle = 1, WriteWordsPerCycle = 1, NetworkPicojoulesPerWord = 3 },
        ],
        new MacArray { Columns = columns, Rows = 1, PicojoulesPerMac = 1 });

    private static EncodedMapping Nest(params (int Level, Dimension Dimension, int Bound)[] innermostFirst)
    {
        EncodedMapping mapping = new(2);
        foreach (int level in (int[])[Rf, Dram])
        {
            byte[] order = [.. innermostFirst.Where(l => l.Level == level).Select(l => (byte)l.Dimension)];
            order.Union(Enumerable.Range(0, 8).Select(d => (byte)d)).ToArray().CopyTo(mapping.Orders, level * 8);
        }

        foreach ((int level, Dimension dimension, int bound) in innermostFirst)
        {
            mapping.Bounds[(level * 8) + (int)dimension] = bound;
        }

        return mapping;
    }

    private static (Cost Cost, long[] Counts) Run(Workload layer, EncodedMapping mapping, PhysicalEffects effects, int columns = 1) =>
        SomeMapping.Evaluate(new CostModel(layer, Serial(columns), OperandBits.Words, effects: effects), mapping);

    [Fact]
    public void A_sum_that_leaves_a_level_is_read_there_once_per_departure()
    {
        // The reduction is outermost: each of 4 outputs leaves the register file twice.
        Workload layer = new(new LoopBounds(1, 4, 2, 1, 1, 1, 1));
        EncodedMapping mapping = Nest((Dram, Dimension.K, 4), (Dram, Dimension.C, 2));

        long free = Run(layer, mapping, PhysicalEffects.None).Counts[AccessCounts.Reads(Rf, Operand.Outputs)];
        long charged = Run(layer, mapping, PhysicalEffects.DrainReads).Counts[AccessCounts.Reads(Rf, Operand.Outputs)];

        Assert.Equal(8, charged - free);
    }

    [Fact]
    public void With_operand_registers_a_word_that_stays_is_not_read_again()
    {
        // K turns inside P: the input stays for 4 steps, the weight changes at each, the output too.
        Workload layer = new(new LoopBounds(1, 4, 1, 5, 1, 1, 1));
        EncodedMapping mapping = Nest((Rf, Dimension.K, 4), (Rf, Dimension.P, 5));

        long[] free = Run(layer, mapping, PhysicalEffects.None).Counts, held = Run(layer, mapping, PhysicalEffects.OperandRegisters).Counts;

        Assert.Equal((20, 5), (free[AccessCounts.Reads(Rf, Operand.Inputs)], held[AccessCounts.Reads(Rf, Operand.Inputs)]));
        Assert.Equal((20, 20), (free[AccessCounts.Reads(Rf, Operand.Weights)], held[AccessCounts.Reads(Rf, Operand.Weights)]));
        Assert.Equal(20, held[AccessCounts.Updates(Rf, Operand.Outputs)]);
    }

    [Fact]
    public void With_operand_registers_the_order_inside_a_unit_matters_and_is_searched()
    {
        Workload layer = new(new LoopBounds(1, 4, 1, 5, 1, 1, 1));
        SearchSpace space = new(new CostModel(layer, Serial(), OperandBits.Words, effects: PhysicalEffects.OperandRegisters), FlowConstraints.None);

        Assert.Contains(Rf, space.OpenOrders);
        Assert.DoesNotContain(Rf, new SearchSpace(new CostModel(layer, Serial(), OperandBits.Words), FlowConstraints.None).OpenOrders);
    }

    [Fact]
    public void Hardware_that_cannot_start_from_zero_reads_each_sum_once_more()
    {
        Workload layer = new(new LoopBounds(1, 4, 3, 1, 1, 1, 1));
        EncodedMapping mapping = Nest((Rf, Dimension.C, 3), (Dram, Dimension.K, 4));

        long[] free = Run(layer, mapping, PhysicalEffects.None).Counts, charged = Run(layer, mapping, PhysicalEffects.FirstSumReads).Counts;

        Assert.Equal(4, charged[AccessCounts.Reads(Rf, Operand.Outputs)] - free[AccessCounts.Reads(Rf, Operand.Outputs)]);
        Assert.Equal(4, charged[AccessCounts.Reads(Dram, Operand.Outputs)] - free[AccessCounts.Reads(Dram, Operand.Outputs)]);
    }

    [Fact]
    public void Rows_that_no_window_touches_are_not_fetched()
    {
        // A 1x1 filter with stride 2 over 4 rows of outputs: the box has 7 rows, 4 are touched.
        Workload layer = new(new LoopBounds(1, 1, 1, 4, 1, 1, 1), stride: 2);
        EncodedMapping mapping = Nest((Rf, Dimension.P, 4));

        Assert.Equal(7, Run(layer, mapping, PhysicalEffects.None).Counts[AccessCounts.Fills(Rf, Operand.Inputs)]);
        Assert.Equal(4, Run(layer, mapping, PhysicalEffects.TouchedInputs).Counts[AccessCounts.Fills(Rf, Operand.Inputs)]);
    }

    [Fact]
    public void Zeros_around_the_image_are_not_fetched()
    {
        // 8 x 8 outputs of a 3 x 3 filter see 10 x 10 inputs, the border of which is padding.
        Workload padded = new(new LoopBounds(1, 1, 1, 8, 8, 3, 3), padding: 1);
        EncodedMapping mapping = Nest((Rf, Dimension.S, 3), (Rf, Dimension.R, 3), (Rf, Dimension.Q, 8), (Rf, Dimension.P, 8));

        Assert.Equal(100, Run(padded, mapping, PhysicalEffects.None).Counts[AccessCounts.Fills(Rf, Operand.Inputs)]);
        Assert.Equal(64, Run(padded, mapping, PhysicalEffects.ZeroPadding).Counts[AccessCounts.Fills(Rf, Operand.Inputs)]);
    }

    [Fact]
    public void A_sliding_window_keeps_its_overlap_although_output_channels_turn_in_between()
    {
        // Rows 001 and 002 of the reference: with K inside P Timeloop fetches each 3-row window whole.
        Workload layer = new(new LoopBounds(1, 2, 1, 8, 1, 3, 1));
        EncodedMapping mapping = Nest((Rf, Dimension.R, 3), (Dram, Dimension.K, 2), (Dram, Dimension.P, 8));

        Assert.Equal(24, Run(layer, mapping, PhysicalEffects.None).Counts[AccessCounts.Fills(Rf, Operand.Inputs)]);
        Assert.Equal(10, Run(layer, mapping, PhysicalEffects.SlidingHalo).Counts[AccessCounts.Fills(Rf, Operand.Inputs)]);
    }

    [Fact]
    public void Neighbours_that_share_rows_have_them_read_once()
    {
        // Four units with 3-row windows one row apart: 12 rows in boxes, 6 different ones.
        Workload layer = new(new LoopBounds(1, 1, 1, 4, 1, 3, 1));
        EncodedMapping mapping = Nest((Rf, Dimension.R, 3));
        mapping.Bounds[(3 * 8) + (int)Dimension.P] = 4;

        Assert.Equal(12, Run(layer, mapping, PhysicalEffects.None, columns: 4).Counts[AccessCounts.Reads(Dram, Operand.Inputs)]);
        Assert.Equal(6, Run(layer, mapping, PhysicalEffects.SpatialHalo, columns: 4).Counts[AccessCounts.Reads(Dram, Operand.Inputs)]);
    }

    [Fact]
    public void A_step_that_waits_for_its_tile_is_not_hidden_by_the_average()
    {
        // 32 steps of 6 multiply-accumulates; each brings 3 weights, each fourth one 6 inputs more.
        Workload layer = new(new LoopBounds(1, 4, 3, 1, 16, 1, 1));
        EncodedMapping mapping = Nest((Rf, Dimension.C, 3), (Rf, Dimension.Q, 2), (Dram, Dimension.K, 4), (Dram, Dimension.Q, 8));

        Assert.Equal(32 * 6, Run(layer, mapping, PhysicalEffects.None).Cost.Cycles);
        Assert.Equal((24 * 6) + (8 * (3 + 6)), Run(layer, mapping, PhysicalEffects.TileBandwidth).Cost.Cycles);
    }

    [Fact]
    public void Double_buffers_need_room_twice_and_begin_with_a_load()
    {
        Workload layer = new(new LoopBounds(1, 4, 8, 1, 1, 1, 1));
        EncodedMapping mapping = Nest((Rf, Dimension.C, 8), (Dram, Dimension.K, 4));
        CostModel single = new(layer, Serial(), OperandBits.Words, effects: PhysicalEffects.None);
        CostModel twice = new(layer, Serial(), OperandBits.Words, effects: PhysicalEffects.DoubleBuffers);

        Assert.Equal(2 * single.BitsKept(mapping.View, Rf), twice.BitsKept(mapping.View, Rf));

        // 8 weights and 8 inputs come before any work, one output leaves after all of it.
        Assert.Equal(8 + 8 + 1, SomeMapping.Evaluate(twice, mapping).Cost.Cycles - SomeMapping.Evaluate(single, mapping).Cost.Cycles);
    }

    [Fact]
    public void Deliveries_to_children_cost_the_networks_energy_only_when_switched_on()
    {
        Workload layer = new(new LoopBounds(1, 4, 1, 1, 1, 1, 1));
        EncodedMapping mapping = Nest();
        mapping.Bounds[(3 * 8) + (int)Dimension.K] = 4;

        double free = Run(layer, mapping, PhysicalEffects.None, columns: 4).Cost.EnergyPicojoules;
        double charged = Run(layer, mapping, PhysicalEffects.NetworkDeliveries, columns: 4).Cost.EnergyPicojoules;

        Assert.Equal(3 * (4 + 4 + 4), charged - free);
    }

    [Fact]
    public void Adding_up_the_sums_of_several_units_costs_additions()
    {
        Workload layer = new(new LoopBounds(1, 1, 4, 1, 1, 1, 1));
        EncodedMapping mapping = Nest();
        mapping.Bounds[(3 * 8) + (int)Dimension.C] = 4;

        double free = Run(layer, mapping, PhysicalEffects.None, columns: 4).Cost.EnergyPicojoules;
        double charged = Run(layer, mapping, PhysicalEffects.SpatialAdders, columns: 4).Cost.EnergyPicojoules;

        // Four sums become one: three additions of 16 of 32 bits.
        Assert.Equal(3 * 0.1 / (3.1 / 4) / 2, charged - free, 12);
    }

    [Fact]
    public void Busy_utilisation_leaves_idle_units_and_stalls_out()
    {
        Workload layer = new(new LoopBounds(1, 2, 1, 1, 1, 1, 1));
        EncodedMapping mapping = Nest();
        mapping.Bounds[(3 * 8) + (int)Dimension.K] = 2;
        CostModel all = new(layer, Serial(4), OperandBits.Words, effects: PhysicalEffects.None);
        CostModel busy = new(layer, Serial(4), OperandBits.Words, effects: PhysicalEffects.BusyUtilization);
        Cost cost = SomeMapping.Evaluate(all, mapping).Cost;

        // Two of four units, one cycle of work, three words over a bus of one.
        Assert.Equal(3, cost.Cycles);
        Assert.Equal(2.0 / 4 / 3, all.Utilization(mapping.View, cost), 12);
        Assert.Equal(1, busy.Utilization(mapping.View, cost), 12);
    }

    [Fact]
    public void All_groups_are_charged_when_asked_for()
    {
        Workload layer = new(new LoopBounds(1, 4, 2, 1, 1, 1, 1), groups: 3);
        EncodedMapping mapping = Nest((Rf, Dimension.C, 2), (Dram, Dimension.K, 4));

        Cost one = Run(layer, mapping, PhysicalEffects.None).Cost, all = Run(layer, mapping, PhysicalEffects.AllGroups).Cost;

        Assert.Equal((3 * one.EnergyPicojoules, 3 * one.Cycles), (all.EnergyPicojoules, all.Cycles));
        Assert.Equal(1, new CostModel(layer, Serial(), OperandBits.Words, effects: PhysicalEffects.AllGroups).Repeats);
    }

    [Fact]
    public void The_breakdown_adds_up_to_the_cost_under_every_effect()
    {
        foreach (PhysicalEffects effects in Enum.GetValues<PhysicalEffects>())
        {
            foreach (Workload workload in SomeMapping.Layers)
            {
                CostModel model = new(workload, SomeMapping.Eyeriss.Architecture, SomeMapping.Eyeriss.WidthsFor(8, 8, 8), effects: effects);
                foreach (EncodedMapping mapping in SomeMapping.Random(new SearchSpace(model, FlowConstraints.None), 10, seed: 6))
                {
                    Cost cost = SomeMapping.Evaluate(model, mapping).Cost;
                    CostBreakdown breakdown = model.Breakdown(mapping.View);
                    double sum = breakdown.MacPicojoules
                        + breakdown.Levels.Sum(l => l.WeightsPicojoules + l.InputsPicojoules + l.OutputsPicojoules + l.NetworkPicojoules);
                    Assert.Equal(1, cost.EnergyPicojoules / sum, 12);
                }
            }
        }
    }

    [Fact]
    public void Fewer_bits_never_cost_more_in_the_physical_mode_either()
    {
        foreach (Workload workload in SomeMapping.Layers)
        {
            CostModel widest = new(workload, SomeMapping.Edge.Architecture, SomeMapping.Edge.WidthsFor(32, 32, 32), effects: PhysicalEffects.Physical);
            foreach (EncodedMapping mapping in SomeMapping.Random(new SearchSpace(widest, FlowConstraints.None), 40, seed: 8))
            {
                Cost last = SomeMapping.Evaluate(widest, mapping).Cost;
                foreach (int bits in (int[])[16, 12, 8, 6, 4, 2])
                {
                    Cost cost = SomeMapping.Evaluate(
                        new CostModel(workload, SomeMapping.Edge.Architecture, SomeMapping.Edge.WidthsFor(bits, bits, bits), effects: PhysicalEffects.Physical), mapping).Cost;
                    Assert.True(cost.EnergyPicojoules <= last.EnergyPicojoules && cost.Cycles <= last.Cycles, $"{bits} bits: {cost}, more bits: {last}");
                    last = cost;
                }
            }
        }
    }
}
