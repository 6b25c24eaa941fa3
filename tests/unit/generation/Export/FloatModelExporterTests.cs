using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Export;

public class FloatModelExporterTests
{
    [Theory]
    [InlineData("small")]
    [InlineData("odd")]
    [InlineData("unpadded")]
    [InlineData("pooled")]
    [InlineData("grouped")]
    public void At_32_bits_every_tensor_is_the_unfolded_network_to_a_ten_thousandth(string name)
    {
        NetSpec net = name switch
        {
            "small" => SomeVariant.SmallNet,
            "odd" => SomeVariant.OddNet,
            "pooled" => SomeVariant.PooledNet,
            "grouped" => SomeVariant.GroupedNet,
            _ => SomeVariant.UnpaddedNet,
        };
        TrainedVariant variant = SomeVariant.Of(net, 32);
        Random random = new(3);
        using ExposedRun engine = new(net, variant);
        for (int i = 0; i < 3; i++)
        {
            float[] image = SomeVariant.Image(net, random);
            (Dictionary<string, float[]> values, float[] logits) = engine.Run<float>(image);
            Dictionary<string, double[]> expected = FakeQuantReference.Run(net, variant, image);

            Assert.All(values, v => Assert.All(v.Value.Zip(expected[v.Key]), p => Assert.Equal(p.Second, p.First, 1e-4)));
            Assert.All(logits.Zip(expected[net.Layers[^1].Name]), p => Assert.Equal(p.Second, p.First, 1e-4));
        }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(16)]
    public void Between_9_and_16_bits_values_lie_on_the_grid_of_training(int bits)
    {
        NetSpec net = SomeVariant.SmallNet;
        TrainedVariant variant = SomeVariant.Of(net, bits);
        using ExposedRun engine = new(net, variant);
        int total = 0, different = 0;

        (Dictionary<string, float[]> values, _) = engine.Run<float>(SomeVariant.Image(net, new Random(3)));
        foreach (LayerSpec layer in net.Layers.SkipLast(1))
        {
            ActivationQuantizer quantizer = variant.Activations[layer.Name];
            double[] steps = [.. values[layer.Name].Select(v => (double)v / quantizer.Scale + quantizer.ZeroPoint)];
            Assert.All(steps, s => Assert.Equal(Math.Round(s), s, 1e-2));
            double[] Read(string t) => [.. values[t].Select(v => (double)v)];
            int[] expected = FakeQuantReference.Codes(FakeQuantReference.Raw(net, variant, layer, Read), quantizer);
            int[] apart = [.. expected.Zip(steps, (e, s) => Math.Abs(e - (int)Math.Round(s)))];
            Assert.InRange(apart.Max(), 0, 1);
            total += apart.Length;
            different += apart.Count(a => a != 0);
        }

        Assert.True(different <= 0.02 * total, $"{different} of {total} values differ."); // float32 sums against steps of 1/65536
    }

    [Fact]
    public void Above_22_bits_the_file_is_the_one_of_32()
    {
        TrainedVariant full = SomeVariant.Of(SomeVariant.SmallNet, 32);

        Assert.Equal(
            FloatModelExporter.Export(SomeVariant.SmallNet, full, ExportOptions.Device),
            FloatModelExporter.Export(SomeVariant.SmallNet, full with { Precision = new(24) }, ExportOptions.Device));
    }

    [Fact]
    public void A_network_that_diverged_is_refused()
    {
        TrainedVariant variant = SomeVariant.Of(SomeVariant.SmallNet, 32);
        variant.Convolutions["stem"].Mean[1] = float.NaN;

        Assert.Contains("'stem', channel 1", Assert.Throws<ArgumentException>(() =>
            FloatModelExporter.Export(SomeVariant.SmallNet, variant, ExportOptions.Device)).Message, StringComparison.Ordinal);
    }
}
