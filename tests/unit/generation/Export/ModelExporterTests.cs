using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Tests.Unit.Generation.Export;

public class ModelExporterTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(32)]
    public void A_device_reads_one_image_called_x_and_gets_logits_and_nothing_else(int bits)
    {
        using InferenceSession session = new(ModelExporter.Export(SomeVariant.SmallNet, SomeVariant.Of(SomeVariant.SmallNet, bits), ExportOptions.Device));

        Assert.Equal([1, 2, 12, 10], Assert.Single(session.InputMetadata, i => i.Key == "x").Value.Dimensions);
        Assert.Equal([1, 5], Assert.Single(session.OutputMetadata, o => o.Key == "logits").Value.Dimensions);
        Assert.Equal(typeof(float), session.InputMetadata["x"].ElementType);
        Assert.Equal(typeof(float), session.OutputMetadata["logits"].ElementType);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(32)]
    public void The_same_variant_gives_the_same_bytes(int bits) => Assert.Equal(
        ModelExporter.Export(SomeVariant.SmallNet, SomeVariant.Of(SomeVariant.SmallNet, bits), ExportOptions.Device),
        ModelExporter.Export(SomeVariant.SmallNet, SomeVariant.Of(SomeVariant.SmallNet, bits), ExportOptions.Device));

    [Fact]
    public void A_classifier_before_the_end_is_refused()
    {
        NetSpec net = new("two", new TensorShape(1, 1, 1), [new LinearSpec("early", "x", 1, 3), new LinearSpec("late", "early", 3, 2)]);
        TrainedVariant variant = new(new(32), new Dictionary<string, TrainedConvolution>(), new TrainedClassifier(new float[6], new float[2]),
            new Dictionary<string, ActivationQuantizer>());

        Assert.Contains("'early'", Assert.Throws<NotSupportedException>(() => ModelExporter.Export(net, variant, ExportOptions.Device)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_none_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() =>
        ModelExporter.Export(SomeVariant.SmallNet, SomeVariant.Of(SomeVariant.SmallNet, 8), new ExportOptions(Batch: 0)));
}
