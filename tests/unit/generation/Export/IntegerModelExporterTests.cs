using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using Xunit.Abstractions;

namespace InstantNet.Tests.Unit.Generation.Export;

public class IntegerModelExporterTests(ITestOutputHelper log)
{
    private const int Images = 6;

    public static TheoryData<string, int> Variants
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (int bits in (int[])[2, 3, 4, 5, 8])
            {
                data.Add("small", bits);
                data.Add("odd", bits);
                data.Add("pooled", bits);
                data.Add("grouped", bits);
                data.Add("strided", bits);
                data.Add("strided without padding", bits);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_code_and_every_logit_in_the_engine_equals_the_integer_reference(string name, int bits)
    {
        NetSpec net = Net(name);
        TrainedVariant variant = SomeVariant.Of(net, bits);
        Random random = new(7);
        using ExposedRun engine = new(net, variant);
        for (int i = 0; i < Images; i++)
        {
            float[] image = SomeVariant.Image(net, random);
            (Dictionary<string, byte[]> codes, float[] logits) = engine.Run<byte>(image);
            (Dictionary<string, byte[]> expectedCodes, float[] expectedLogits) = IntegerReference.Run(net, variant, image);

            Assert.All(expectedCodes, e => Assert.Equal(e.Value, codes[e.Key]));
            Assert.Equal(expectedLogits, logits);
        }
    }

    /// <summary>Layer by layer from the engine's own codes, so that one tie does not spread through the network.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void A_code_differs_from_training_by_one_at_most_and_only_where_rounding_the_bias_decides(string name, int bits)
    {
        NetSpec net = Net(name);
        TrainedVariant variant = SomeVariant.Of(net, bits);
        Random random = new(8);
        using ExposedRun engine = new(net, variant);
        int total = 0, different = 0;
        for (int image = 0; image < Images; image++)
        {
            Dictionary<string, byte[]> codes = engine.Run<byte>(SomeVariant.Image(net, random)).Tensors;
            foreach (LayerSpec layer in net.Layers.SkipLast(1))
            {
                ActivationQuantizer quantizer = variant.Activations[layer.Name];
                double[] raw = FakeQuantReference.Raw(net, variant, layer, t => Values(codes, variant, t));
                int[] expected = FakeQuantReference.Codes(raw, quantizer);
                float[] steps = BiasSteps(variant, layer);
                for (int i = 0; i < expected.Length; i++)
                {
                    if (expected[i] == codes[layer.Name][i])
                        continue;
                    different++;
                    Assert.Equal(1, Math.Abs(expected[i] - codes[layer.Name][i]));
                    double position = raw[i] / quantizer.Scale, toTie = Math.Abs(position - Math.Floor(position) - 0.5);
                    Assert.InRange(toTie, 0, steps[i * steps.Length / expected.Length] / 2 + 1e-4);
                }

                total += expected.Length;
            }
        }

        log.WriteLine($"{name} at {bits} bits: {different} of {total} codes one apart");
        Assert.True(different <= (bits < 4 ? 0.03 : 0.005) * total, $"{different} of {total} codes differ.");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Logits_are_those_of_training_to_a_ten_thousandth_or_the_rounding_of_their_bias(string name, int bits)
    {
        NetSpec net = Net(name);
        TrainedVariant variant = SomeVariant.Of(net, bits);
        using ExposedRun engine = new(net, variant);

        (Dictionary<string, byte[]> codes, float[] logits) = engine.Run<byte>(SomeVariant.Image(net, new Random(9)));

        double[] expected = FakeQuantReference.Raw(net, variant, net.Layers[^1], t => Values(codes, variant, t));
        LinearSpec last = (LinearSpec)net.Layers[^1];
        ActivationQuantizer input = variant.Activations[last.Input];
        float[] scales = IntegerClassifier.Fold(last, variant.Classifier, BitPlan.Weights(last, variant.Precision), input).Scales;
        Assert.All(expected.Index(), e => Assert.Equal(e.Item, logits[e.Index], Math.Max(1e-4, 1e-5 + input.Scale * scales[e.Index] / 2)));
    }

    [Fact]
    public void Codes_below_8_bits_use_their_whole_range_and_nothing_beyond()
    {
        TrainedVariant variant = SomeVariant.Of(SomeVariant.SmallNet, 4);
        using ExposedRun engine = new(SomeVariant.SmallNet, variant);
        Random random = new(1);

        Dictionary<string, byte[]>[] runs = [.. Enumerable.Range(0, 20).Select(_ => engine.Run<byte>(SomeVariant.Image(SomeVariant.SmallNet, random)).Tensors)];

        Assert.All(["stem", "b0.depthwise", "header"], tensor =>
        {
            Assert.Equal(15, runs.Max(r => r[tensor].Max()));
            Assert.Equal(0, runs.Min(r => r[tensor].Min()));
        });

        // A signed sum has its zero in the middle and may leave the outermost code to rarer images.
        Assert.InRange(runs.SelectMany(r => r["b0.add"]).Distinct().Count(), 14, 16);
        Assert.InRange(runs.Max(r => r["b0.add"].Max()), 14, 15);
    }

    [Fact]
    public void More_than_8_bits_are_refused() =>
        Assert.Contains("12-bit", Assert.Throws<NotSupportedException>(() =>
            IntegerModelExporter.Export(SomeVariant.SmallNet, SomeVariant.Of(SomeVariant.SmallNet, 12), ExportOptions.Device)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_quantiser_and_a_missing_layer_are_named()
    {
        TrainedVariant good = SomeVariant.Of(SomeVariant.SmallNet, 8);
        TrainedVariant noQuantizer = good with { Activations = good.Activations.Where(a => a.Key != "header").ToDictionary() };
        TrainedVariant noLayer = good with { Convolutions = good.Convolutions.Where(c => c.Key != "stem").ToDictionary() };

        Assert.Contains("'header'", Assert.Throws<ArgumentException>(() => Export(noQuantizer)).Message, StringComparison.Ordinal);
        Assert.Contains("'stem'", Assert.Throws<ArgumentException>(() => Export(noLayer)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f, 0, 8)]
    [InlineData(float.NaN, 0, 8)]
    [InlineData(0.1f, 256, 8)]
    [InlineData(0.1f, 0, 9)]
    public void A_quantiser_that_no_byte_can_hold_is_refused(float scale, int zeroPoint, int bits)
    {
        TrainedVariant good = SomeVariant.Of(SomeVariant.SmallNet, 8);
        Dictionary<string, ActivationQuantizer> activations = new(good.Activations) { ["header"] = new(scale, zeroPoint, bits) };

        Assert.Contains("'header'", Assert.Throws<ArgumentException>(() => Export(good with { Activations = activations })).Message, StringComparison.Ordinal);
    }

    private static double[] Values(Dictionary<string, byte[]> codes, TrainedVariant variant, string tensor) =>
        FakeQuantReference.Values(codes[tensor].Select(c => (int)c), variant.Activations[tensor]);

    /// <summary>Steps of the accumulator in output codes, by channel: what a bias is rounded to.</summary>
    private static float[] BiasSteps(TrainedVariant variant, LayerSpec layer)
    {
        (ConvSpec? conv, TrainedConvolution? trained) = layer switch
        {
            ConvSpec c => (c, variant.Convolutions[c.Name]),
            DenseSpec d => (d.AsConvolution(), variant.Dense[d.Name].AsConvolution()),
            _ => ((ConvSpec?)null, (TrainedConvolution?)null),
        };
        if (conv is null || trained is null)
            return [0];
        ActivationQuantizer from = variant.Activations[conv.Input], to = variant.Activations[conv.Name];
        return [.. IntegerConvolution.Fold(conv, trained, BitPlan.Weights(conv, variant.Precision), from, to)
            .Scales.Select(s => from.Scale * s / to.Scale)];
    }

    private static byte[] Export(TrainedVariant variant) => IntegerModelExporter.Export(SomeVariant.SmallNet, variant, ExportOptions.Device);

    private static NetSpec Net(string name) => name switch
    {
        "small" => SomeVariant.SmallNet,
        "odd" => SomeVariant.OddNet,
        "pooled" => SomeVariant.PooledNet,
        "grouped" => SomeVariant.GroupedNet,
        "strided" => SomeVariant.StridedNet,
        _ => SomeVariant.StridedBareNet,
    };
}
