using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Tests.Unit.Generation.Datasets;

namespace InstantNet.Tests.Unit.Generation;

// Not in parallel with others: trains, and others count the tensors of the process.
[Collection("live tensors")]
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

    [Fact]
    public void A_training_that_diverges_says_where_and_leaves_its_last_checkpoint()
    {
        using CifarFolder cifar = CifarFolder.Ten(perFile: 8);
        RunFolder run = new(cifar.At("run"));
        TrainingOptions training = new() { Precisions = [new(4), new(32)], BatchSize = 8, Epochs = 20, GradientNorm = 1e30, LearningRate = new(Peak: 1e12, WarmUp: 0.1, StartFraction: 1e-20) };
        GenerationOptions options = new("mobilenet-small", training, 0, new DatasetOptions("cifar10", "/no/cache") { Folder = cifar.Root });

        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(
            () => new GenerationPipeline(TimeProvider.System).Run(options, run, new Silent(), CancellationToken.None));

        Assert.Matches(@"is not finite at step \d+, .*; it began with (.* layer '|a sum that overflowed)", e.Message);
        Assert.False(run.IsComplete);
        Assert.NotNull(run.Checkpoints.Newest);
    }

    private sealed class Silent : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value)
        {
            // Nobody watches.
        }
    }
}
