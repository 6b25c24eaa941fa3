using InstantNet.Contracts;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Tests.Unit.Generation.Runs;

public class RunFingerprintTests
{
    private static readonly GenerationOptions Options = new("mobilenet-small", new TrainingOptions(), 0, new DatasetOptions("cifar10", "/cache") { Folder = "/data" });
    private static readonly ImageSet Images = new(new TensorShape(1, 2, 2), [1, 2, 3, 4, 5, 6, 7, 8], [0, 1]);
    private static readonly RunVersions Versions = new("1.2.3", "10.0.0", "1.13.0", "1.30.0");
    private static readonly RunMachine Machine = new("Debian", "X64", "some", 8, 1 << 30);

    private static IReadOnlyList<string> Here => RunFingerprint.Of(Options, Images, Versions, Machine);

    [Fact]
    public void Where_files_lie_and_how_often_state_is_kept_make_no_difference() => Assert.Null(RunFingerprint.Difference(Here, RunFingerprint.Of(
        Options with { Dataset = new DatasetOptions("cifar10", "/elsewhere"), CheckpointEvery = TimeSpan.FromHours(1) }, Images,
        Versions with { Product = "2.0.0" }, Machine with { Cores = 4, MemoryBytes = 1 })));

    public static TheoryData<string, Func<GenerationOptions, GenerationOptions>> Changes => new()
    {
        { "network is mobilenet-small there and resnet20 here", o => o with { Network = "resnet20" } },
        { "training.precisions is 4,8,32 there and 4,32 here", o => o with { Training = o.Training with { Precisions = [new(4), Precision.Full] } } },
        { "training.quantizer is symmetric there and lsq here", o => o with { Training = o.Training with { Quantizer = new LsqQuantizer() } } },
        { "schedule is cdt there and ptq here", o => o with { Schedule = new PostTrainingSchedule() } },
        { "training.epochs is 3 there and 4 here", o => o with { Training = o.Training with { Epochs = 4 } } },
        { "training.learningRate.peak is 0.06 there and 0.05 here", o => o with { Training = o.Training with { LearningRate = new(0.05) } } },
        { "training.shards is 2 there and 1 here", o => o with { Training = o.Training with { Shards = 1 } } },
        { "training.augmentation is none there and flip here", o => o with { Training = o.Training with { Augmentation = new(0, true) } } },
        { "dataset.format.size is not set there and 64 here", o => o with { Dataset = o.Dataset with { Format = new(64, 3) } } },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void Whatever_changes_the_weights_is_named_with_both_values(string sentence, Func<GenerationOptions, GenerationOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);

        Assert.Contains(sentence, RunFingerprint.Difference(Here, RunFingerprint.Of(change(Options), Images, Versions, Machine)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_images_another_libtorch_and_other_threads_are_noticed()
    {
        ImageSet other = new(Images.Shape, [1, 2, 3, 4, 5, 6, 7, 9], [0, 1]);

        Assert.Contains("images.sha256 is ", RunFingerprint.Difference(Here, RunFingerprint.Of(Options, other, Versions, Machine)), StringComparison.Ordinal);
        Assert.Equal("libtorch is 1.13.0 there and 2.0.0 here", RunFingerprint.Difference(Here, RunFingerprint.Of(Options, Images, Versions with { Libtorch = "2.0.0" }, Machine)));
        Assert.Equal("machine.threads is 2 there and 1 here", RunFingerprint.Difference(Here, RunFingerprint.Of(Options, Images, Versions, Machine with { Cores = 1 })));
    }
}
