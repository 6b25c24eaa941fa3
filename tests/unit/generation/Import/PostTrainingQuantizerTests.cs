using InstantNet.Contracts;
using InstantNet.Generation.Export;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;
using InstantNet.Tests.Unit.Generation.Export;

namespace InstantNet.Tests.Unit.Generation.Import;

public class PostTrainingQuantizerTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void The_clip_of_a_tensor_after_relu6_never_lies_above_6(int bits)
    {
        (NetSpec net, TrainedVariant variant) = Quantized(SomeFile.MobileNetLike(), bits);

        Assert.All(net.Layers.OfType<ConvSpec>().Where(c => c.Ceiling is not null), c =>
            Assert.InRange(variant.Activations[c.Name].Scale * variant.Activations[c.Name].MaxCode, 0, 6.0001));
    }

    [Fact]
    public void Max_pooling_keeps_the_quantiser_of_what_it_reads()
    {
        (NetSpec net, TrainedVariant variant) = Quantized(SomeFile.VggLike(), 4);

        Assert.All(net.Layers.OfType<MaxPoolSpec>(), p => Assert.Equal(variant.Activations[p.Input], variant.Activations[p.Name]));
    }

    [Fact]
    public void An_image_that_is_normalised_has_a_grid_from_black_to_white_with_zero_on_it()
    {
        ActivationQuantizer image = Quantized(SomeFile.MobileNetLike(), 4).Variant.Activations[NetSpec.InputName];

        Assert.Equal(8, image.Bits);
        Assert.InRange(image.Scale * -image.ZeroPoint, -0.48 / 0.23 - image.Scale, -0.48 / 0.23 + image.Scale);
        Assert.InRange(image.Scale * (image.MaxCode - image.ZeroPoint), 0.6 / 0.225 - image.Scale, 0.6 / 0.225 + image.Scale);
    }

    [Fact]
    public void The_float_values_stay_as_they_were()
    {
        ImportedNetwork imported = NetworkImporter.Import(SomeFile.VggLike(), "v", null);
        float[] before = [.. imported.Variant.Convolutions.Values.SelectMany(c => c.Beta.Concat(c.Weights))];
        TensorStatistics statistics = TensorStatistics.Collect(imported.Net, imported.Variant, SomeImages.Noise(imported.Net.Input, 5), CancellationToken.None);

        new PostTrainingQuantizer(imported.Net, imported.Variant, statistics).Quantize(new Precision(4), correction: 1);

        Assert.Equal(before, imported.Variant.Convolutions.Values.SelectMany(c => c.Beta.Concat(c.Weights)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Every_code_and_logit_of_an_imported_network_equals_the_integer_reference(int bits)
    {
        foreach (byte[] file in (byte[][])[SomeFile.ResNetLike(), SomeFile.MobileNetLike(), SomeFile.VggLike()])
        {
            (NetSpec net, TrainedVariant variant) = Quantized(file, bits);
            using ExposedRun engine = new(net, variant);
            for (int seed = 0; seed < 3; seed++)
            {
                float[] image = SomeVariant.Image(net, new Random(seed));
                (Dictionary<string, byte[]> codes, float[] logits) = engine.Run<byte>(image);
                (Dictionary<string, byte[]> expectedCodes, float[] expectedLogits) = IntegerReference.Run(net, variant, image);

                Assert.All(expectedCodes, e => Assert.Equal(e.Value, codes[e.Key]));
                Assert.Equal(expectedLogits, logits);
            }
        }
    }

    [Fact]
    public void Clipped_weights_round_with_less_error_than_whole_ones()
    {
        Random random = new(3);
        float[] weights = [.. Enumerable.Range(0, 400).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(6.28 * random.NextDouble())))];

        Assert.True(Error(weights, ClippedWeights.Of(weights, 2, 3)) < 0.7 * Error(weights, weights));
    }

    private static (NetSpec Net, TrainedVariant Variant) Quantized(byte[] file, int bits)
    {
        ImportedNetwork imported = NetworkImporter.Import(file, "q", null);
        TensorStatistics statistics = TensorStatistics.Collect(imported.Net, imported.Variant, SomeImages.Noise(imported.Net.Input, 20), CancellationToken.None);
        return (imported.Net, new PostTrainingQuantizer(imported.Net, imported.Variant, statistics).Quantize(new Precision(bits), correction: 1));
    }

    private static double Error(float[] weights, float[] rounded)
    {
        WeightGrid grid = WeightGrid.Quantize(rounded, 2, 3);
        return weights.Select((w, i) => Math.Pow(w - grid.Value(i / 200, i), 2)).Sum();
    }
}
