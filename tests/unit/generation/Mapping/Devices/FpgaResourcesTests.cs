using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;

namespace InstantNet.Tests.Unit.Generation.Mapping.Devices;

public class FpgaResourcesTests
{
    private static readonly Workload Layer = new(new LoopBounds(1, 64, 32, 16, 16, 3, 3));
    private static readonly OperandBits Bytes = new(8, 8, 8, 32);

    private static Accelerator Board => DeviceClasses.Load("zedboard").Accelerator!;

    /// <summary>64 filters of 3x3 over 32 channels: a tile of the whole layer in block RAM, 16 filters by 8 channels at work.</summary>
    private static EncodedMapping Mapped(OperandSet buffered = OperandSet.All)
    {
        EncodedMapping mapping = new(3);
        (int Row, Dimension Dimension, int Bound)[] loops =
        [
            (1, Dimension.K, 4), (1, Dimension.C, 4), (1, Dimension.P, 16), (1, Dimension.Q, 16), (1, Dimension.R, 3), (1, Dimension.S, 3),
            (4, Dimension.K, 16), (7, Dimension.C, 8),
        ];
        foreach ((int row, Dimension dimension, int bound) in loops)
            mapping.Bounds[(row * MappingView.Width) + (int)dimension] = bound;
        mapping.Keeps[1] = (byte)buffered;
        return mapping;
    }

    private static FpgaUse UseOf(params (Workload Layer, OperandBits Bits, EncodedMapping Mapping)[] layers) =>
        FpgaResources.Of(Board, layers.Select(l => (new CostModel(l.Layer, Board.Architecture, l.Bits), l.Mapping)));

    [Fact]
    public void A_layer_takes_a_DSP_per_unit_and_block_RAM_for_two_tiles_of_each_tensor()
    {
        FpgaUse use = UseOf((Layer, Bytes, Mapped()));

        Assert.Equal(16 * 8, use.Dsps);
        // Weights: 2 x 18432 x 8 bits fill 16 blocks, but 128 words of 8 bits a cycle need ⌈1024 / 36⌉ = 29.
        // Inputs: 2 x 32 x 18 x 18 x 8 bits fill ⌈165888 / 18432⌉ = 9; 8 words a cycle need 2. Sums: 2 x 64 x 256 x 32 bits fill ⌈1048576 / 18432⌉ = 57; 16 words need 15.
        Assert.Equal(29 + 9 + 57, use.Bram18Kibits);
        Assert.True(use.IsWithinBudget);
    }

    [Fact]
    public void A_tensor_that_passes_by_takes_no_block_RAM() =>
        Assert.Equal(9 + 57, UseOf((Layer, Bytes, Mapped(OperandSet.Inputs | OperandSet.Outputs))).Bram18Kibits);

    [Fact]
    public void Each_tensor_is_as_large_as_in_the_layer_that_needs_most_of_it()
    {
        // One word of each tensor: a block each. The engine is then as large as the other layer alone, whatever the order.
        Workload small = new(new LoopBounds(1, 1, 1, 1, 1, 1, 1));
        Assert.Equal((1L, 3L), (UseOf((small, Bytes, new EncodedMapping(3))).Dsps, UseOf((small, Bytes, new EncodedMapping(3))).Bram18Kibits));
        Assert.Equal(UseOf((Layer, Bytes, Mapped())), UseOf((small, Bytes, new EncodedMapping(3)), (Layer, Bytes, Mapped())));

        // Weights of the narrow run, ⌈128 x 4 / 36⌉ = 15 for ports; 29 of the wide one; sums are 32 bits in both.
        Assert.Equal(29 + 9 + 57, UseOf((Layer, new OperandBits(4, 4, 4, 32), Mapped()), (Layer, Bytes, Mapped())).Bram18Kibits);
        Assert.Equal(15 + 5 + 57, UseOf((Layer, new OperandBits(4, 4, 4, 32), Mapped())).Bram18Kibits);
    }

    [Fact]
    public void Words_that_several_units_share_are_read_once()
    {
        // Filters on both axes: 16 x 8 of them read the one input word together.
        EncodedMapping mapping = new(3);
        mapping.Bounds[(4 * MappingView.Width) + (int)Dimension.K] = 16;
        mapping.Bounds[(7 * MappingView.Width) + (int)Dimension.K] = 8;
        Workload layer = new(new LoopBounds(1, 128, 1, 1, 1, 1, 1));

        // Weights ⌈128 x 32 / 36⌉, one block of inputs, sums as the weights.
        Assert.Equal(114 + 1 + 114, UseOf((layer, new OperandBits(32, 32, 32, 32), mapping)).Bram18Kibits);
    }

    [Fact]
    public void An_inner_buffer_is_there_once_per_instance_and_feeds_through_levels_that_pass_words_by()
    {
        // DRAM - shared buffer - two column buffers - four units below each, weights pass by the column buffers.
        Architecture tree = new(
            "tree",
            [
                new MemoryLevel { Name = "Column", Columns = 2, CapacityWords = 4096, MayBypass = OperandSet.Weights },
                new MemoryLevel { Name = "Shared", CapacityWords = 65536 },
                new MemoryLevel { Name = "DRAM" },
            ],
            new MacArray { Columns = 2, Rows = 4, PicojoulesPerMac = 1 });
        Workload layer = new(new LoopBounds(1, 8, 1, 1, 1, 1, 1));
        EncodedMapping mapping = new(3);
        mapping.Bounds[(4 * MappingView.Width) + (int)Dimension.K] = 2;
        mapping.Bounds[(6 * MappingView.Width) + (int)Dimension.K] = 4;
        mapping.Keeps[0] = (byte)(OperandSet.Inputs | OperandSet.Outputs);

        FpgaUse use = FpgaResources.Of(new Accelerator(tree, 100, 32, new FpgaBudget(4, 100)), [(new CostModel(layer, tree, OperandBits.Words), mapping)]);

        // Column: inputs 1 and sums ⌈4 x 16 / 36⌉ = 2, twice. Shared: weights of all 8 units ⌈8 x 16 / 36⌉ = 4, one block of inputs, sums of 2 columns 1.
        Assert.Equal((2 * (1 + 2)) + 4 + 1 + 1, use.Bram18Kibits);
        Assert.Equal(8, use.Dsps);
        Assert.False(use.IsWithinBudget); // 8 units, 4 DSPs
    }

    [Fact]
    public void Use_above_the_budget_is_told_not_hidden()
    {
        // 2 x 512 x 512 weights of 16 bits in block RAM: 456 of the 280 blocks.
        EncodedMapping mapping = new(3);
        mapping.Bounds[MappingView.Width + (int)Dimension.K] = 512;
        mapping.Bounds[MappingView.Width + (int)Dimension.C] = 512;

        FpgaUse use = UseOf((new Workload(new LoopBounds(1, 512, 512, 1, 1, 1, 1)), OperandBits.Words, mapping));

        Assert.Equal(456 + 1 + 1, use.Bram18Kibits);
        Assert.False(use.IsWithinBudget);
    }

    [Fact]
    public void What_is_no_FPGA_or_another_one_is_refused()
    {
        Assert.Throws<ArgumentException>(() => FpgaResources.Of(SomeMapping.Edge, []));
        Assert.Throws<ArgumentException>(() => UseOf((Layer, Bytes, new EncodedMapping(2))));
    }
}
