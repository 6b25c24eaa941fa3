using System.Globalization;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Exports;
using InstantNet.Generation.Mapping.Search;

namespace InstantNet.Tests.Unit.Generation.Mapping.Exports;

public class HlsExportTests
{
    private static Workload Pointwise => new(new LoopBounds(1, 24, 16, 6, 6, 1, 1));

    private static Workload Grouped => new(new LoopBounds(1, 4, 6, 5, 5, 3, 3), groups: 3);

    // DRAM over a shared buffer over a buffer per row of units over registers: two levels fan out, along different axes.
    private static Architecture Deep => new(
        "deep",
        [
            new MemoryLevel { Name = "Registers", CapacityWords = 64, Columns = 4, Rows = 3 },
            new MemoryLevel { Name = "RowBuffer", CapacityWords = 512, Columns = 1, Rows = 3, MayBypass = OperandSet.All },
            new MemoryLevel { Name = "Shared", CapacityWords = 4096, MayBypass = OperandSet.All },
            new MemoryLevel { Name = "DRAM" },
        ],
        new MacArray { Columns = 8, Rows = 6, PicojoulesPerMac = 1 });

    private static Architecture Flat => new(
        "flat", [new MemoryLevel { Name = "Buffer", CapacityWords = 8192, MayBypass = OperandSet.All }, new MemoryLevel { Name = "DRAM" }],
        new MacArray { Columns = 8, Rows = 8, PicojoulesPerMac = 1 });

    [Theory]
    [InlineData("eyeriss-168", 4)]
    [InlineData("eyeriss-168", 8)]
    [InlineData("edge-64", 8)]
    [InlineData("edge-64", 16)]
    public async Task A_searched_dataflow_of_every_kind_of_layer_computes_every_output(string device, int bits)
    {
        Accelerator accelerator = DeviceClasses.Load(device).Accelerator!;
        OperandBits widths = accelerator.WidthsFor(bits, bits, bits);
        foreach (Workload layer in (Workload[])[SomeMapping.Convolution, SomeMapping.Depthwise, SomeMapping.Strided, Pointwise])
        {
            SearchSpace space = SomeMapping.Space(layer, accelerator.Architecture, bits: widths);
            MappingCandidate best = new EvolutionarySearch(space, seed: bits).Run(new SearchBudget(2000), [], CancellationToken.None).Best;

            await Passes(layer, accelerator.Architecture, best.Mapping, widths);
        }
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 16)]
    [InlineData(16, 7)]
    public async Task A_random_dataflow_computes_every_output_whatever_passes_which_level(int weights, int inputs)
    {
        OperandBits widths = new(weights, inputs, 8, 24);
        foreach (Architecture architecture in (Architecture[])[Deep, Flat])
        {
            foreach (Workload layer in (Workload[])[SomeMapping.SparseWindows, SomeMapping.Depthwise, Grouped, SomeMapping.Classifier])
            {
                foreach (EncodedMapping mapping in SomeMapping.Random(SomeMapping.Space(layer, architecture, bits: widths), 1, seed: weights + inputs))
                    await Passes(layer, architecture, mapping, widths);
            }
        }
    }

    [Fact]
    public async Task A_kernel_that_lacks_any_of_its_statements_fails_its_bench()
    {
        LayerExport export = HlsExport.Of(CheckedDataflow.From(SomeDataflow.Small, SomeMapping.Eyeriss.Architecture), "conv");
        ExportedFile kernel = export.Files.Single(f => f.Name == "conv/conv.cpp");
        string[] lines = kernel.Text.Split('\n');
        int sabotaged = 0;
        foreach ((int index, string line) in lines.Index().Where(l => l.Item.Contains(" = level", StringComparison.Ordinal)
            || l.Item.Contains("] = ", StringComparison.Ordinal) || l.Item.Contains("+= ", StringComparison.Ordinal)))
        {
            string text = string.Join('\n', lines.Select((l, i) => i == index ? "" : l));
            KernelRun run = await KernelRun.Of(export with { Files = [.. export.Files.Select(f => f == kernel ? f with { Text = text } : f)] });

            Assert.False(run.Compiled && run.ExitCode == 0, line);
            sabotaged += run.Compiled && run.Text.StartsWith("FAIL round", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(sabotaged >= 8, $"Only {sabotaged} statements were taken out.");
    }

    [Fact]
    public void The_nest_keeps_the_order_of_the_dataflow_and_unrolls_the_mesh()
    {
        string kernel = HlsExport.Of(CheckedDataflow.From(SomeDataflow.Small, SomeMapping.Eyeriss.Architecture), "conv").Files.Single(f => f.Name == "conv/conv.cpp").Text;

        string[] expected = ["for (int k2 = 0; k2 < 4;", "for (int c1 = 0; c1 < 3;", "for (int q1 = 0; q1 < 4;", "for (int k0 = 0; k0 < 2;", "for (int c0 = 0; c0 < 2;", "for (int s0 = 0; s0 < 3;"];
        int[] places = [.. expected.Select(loop => kernel.IndexOf(loop, StringComparison.Ordinal))];
        Assert.Equal(places.Order(), places);
        Assert.All(places, place => Assert.True(place > 0));
        string innermost = kernel[places[^1]..];
        Assert.Contains("#pragma HLS PIPELINE II=1\n", innermost[..innermost.IndexOf("for (int p1x", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("#pragma HLS ARRAY_PARTITION variable=level0_weights complete dim=2", kernel, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_have_the_fewest_bits_that_the_extremes_of_the_layer_fit()
    {
        // 54 products of -128 * 255 are -1762560, which 22 bits hold and 21 do not.
        string header = HlsExport.Of(CheckedDataflow.From(SomeDataflow.Small with { Bits = new OperandBits(8, 8, 8, 16) }, SomeMapping.Eyeriss.Architecture), "conv")
            .Files.Single(f => f.Name == "conv/conv.h").Text;

        Assert.Contains("using sum_t = signed_bits<22>;", header, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(1, 8)]
    [InlineData(8, 17)]
    public void Widths_that_are_no_integers_of_2_to_16_bits_are_refused(int weights, int inputs)
    {
        CheckedDataflow flow = CheckedDataflow.From(SomeDataflow.Small with { Bits = new OperandBits(weights, inputs, 8, 32) }, SomeMapping.Eyeriss.Architecture);

        Assert.Equal(
            $"Layer 'conv' has weights of {weights} and inputs of {inputs} bits; HLS export accepts integers of 2 to 16 bits.",
            Assert.Throws<InvalidDataException>(() => HlsExport.Of(flow, "conv")).Message);
    }

    [Fact]
    public async Task A_name_that_would_end_a_comment_stays_inside_it()
    {
        DataflowDocument odd = SomeDataflow.Small with { Layer = "a\\\nint x;", Network = "b\\" };

        KernelRun run = await KernelRun.Of(HlsExport.Of(CheckedDataflow.From(odd, SomeMapping.Eyeriss.Architecture), ExportNames.Of([odd.Layer])[0]));

        Assert.Equal((true, 0), (run.Compiled, run.ExitCode));
    }

    private static async Task Passes(Workload layer, Architecture architecture, EncodedMapping mapping, OperandBits bits)
    {
        KernelRun run = await KernelRun.Of(HlsExport.Of(SomeDataflow.Checked(layer, architecture, mapping, bits), "layer"));

        string passed = string.Create(CultureInfo.InvariantCulture, $"PASS {layer.WordsOf(Operand.Outputs) * Math.Max(2, layer.Groups)} outputs\n");
        Assert.True(run == new KernelRun(true, 0, passed), $"{layer} {bits}\n{LoopNestText.Of(mapping.ToDataflow(architecture))}{run}");
    }
}
