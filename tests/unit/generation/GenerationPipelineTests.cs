using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Tests.Unit.Generation;

public class GenerationPipelineTests
{
    [Theory]
    [InlineData("dorefa")]
    [InlineData("sbm")]
    public void A_quantizer_that_cannot_be_deployed_is_refused_before_the_data_set_is_looked_for(string name)
    {
        string nowhere = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        GenerationOptions options = new(NetCatalog.Trainable[0], new TrainingOptions { Quantizer = QuantizerCatalog.Named(name) }, 0, new DatasetOptions(DatasetCatalog.Names[0], nowhere));

        ArgumentException e = Assert.Throws<ArgumentException>(
            () => new GenerationPipeline(TimeProvider.System).Run(options, new RunFolder(nowhere), new Silent(), CancellationToken.None));

        Assert.Contains($"'{name}' cannot be exported, because", e.Message, StringComparison.Ordinal);
    }

    private sealed class Silent : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            // Nobody watches.
        }
    }
}
