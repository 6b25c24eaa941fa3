using InstantNet.Contracts;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;

namespace InstantNet.Tests.Unit.Generation.Import;

public class MeasuredQuantizerTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    public void No_way_that_it_tries_has_scores_closer_to_float_than_the_one_it_keeps(int bits)
    {
        foreach (byte[] file in (byte[][])[SomeFile.ResNetLike(), SomeFile.VggLike()])
        {
            ImportedNetwork imported = NetworkImporter.Import(file, "m", null);
            MeasuredQuantizer measured = new(imported.Net, imported.Variant, SomeImages.Noise(imported.Net.Input, 40), Never);
            PostTrainingQuantizer plain = new(
                imported.Net, imported.Variant, TensorStatistics.Collect(imported.Net, imported.Variant, SomeImages.Noise(imported.Net.Input, 40), Never));

            double kept = measured.ErrorOf(measured.Quantize(new Precision(bits), Never), Never);

            Assert.All((double[])[0, 0.5, 1], c => Assert.InRange(kept, 0, measured.ErrorOf(plain.Quantize(new Precision(bits), c), Never)));
        }
    }

    [Fact]
    public void The_network_that_it_was_given_stays_as_it_was()
    {
        ImportedNetwork imported = NetworkImporter.Import(SomeFile.VggLike(), "m", null);
        float[] before = Values(imported.Variant);

        new MeasuredQuantizer(imported.Net, imported.Variant, SomeImages.Noise(imported.Net.Input, 20), Never).Quantize(new Precision(3), Never);

        Assert.Equal(before, Values(imported.Variant));
    }

    private static float[] Values(TrainedVariant variant) =>
        [.. variant.Convolutions.Values.SelectMany(c => c.Beta.Concat(c.Weights)), .. variant.Dense.Values.SelectMany(d => d.Bias.Concat(d.Weights)), .. variant.Classifier.Bias];
}
