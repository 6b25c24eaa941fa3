using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Tests.Unit.Generation.Runs;

public class RunConfigurationTests
{
    private static readonly GenerationOptions Options = new(
        "resnet20", new TrainingOptions { Precisions = [new(2), Precision.Full], Quantizer = new LsqQuantizer(), Epochs = 1.0 / 3, Augmentation = new(4, true), Seed = 9 }, 500,
        new DatasetOptions("folder", "/cache") { Folder = "/images", Format = new ImageFormat(48, 1) })
    {
        Augmentation = new Augmentation(4, true), Schedule = new IndependentSchedule(), CheckpointEvery = TimeSpan.FromSeconds(5),
    };

    [Fact]
    public void Options_come_back_as_they_were_to_the_last_bit()
    {
        RunConfiguration configuration = new(1, DateTimeOffset.UnixEpoch, Options, new StepBudget(60, 0.1, 0.002, 3, 9, 400), new("1", "2", "3", "4"), new("a", "b", "c", 2, 3));

        string text = JsonSerializer.Serialize(configuration, RunJson.Default.RunConfiguration);
        RunConfiguration read = JsonSerializer.Deserialize(text, RunJson.Default.RunConfiguration)!;

        Assert.Equal(text, JsonSerializer.Serialize(read, RunJson.Default.RunConfiguration));
        Assert.Equal(Options.Training.Epochs, read.Options.Training.Epochs);
        Assert.IsType<LsqQuantizer>(read.Options.Training.Quantizer);
        Assert.IsType<IndependentSchedule>(read.Options.Schedule);
        Assert.Equal(Options.Dataset, read.Options.Dataset);
    }

    [Fact]
    public void A_run_is_one_that_is_asked_for_wherever_its_images_lie()
    {
        GenerationOptions asked = Options with { Training = Options.Training with { Augmentation = default }, Dataset = Options.Dataset with { Folder = "/moved" }, CheckpointEvery = TimeSpan.FromHours(1) };

        Assert.True(Options.Asks(asked));
        Assert.False(Options.Asks(asked with { TrainImages = 0 }));
        Assert.False(Options.Asks(asked with { Dataset = asked.Dataset with { Name = "mnist" } }));
        Assert.False(Options.Asks(asked with { Training = asked.Training with { Seed = 1 } }));
    }

    [Fact]
    public void What_an_earlier_version_wrote_still_reads()
    {
        RunConfiguration read = JsonSerializer.Deserialize(File.ReadAllBytes(Golden("run-config-v1.json")), RunJson.Default.RunConfiguration)!;
        IReadOnlyList<MetricsLine> metrics = MetricsFile.Read(Golden("run-metrics-v1.jsonl"));

        Assert.Equal(("mobilenet-small", "cdt", 3000, 2.0), (read.Options.Network, read.Options.Schedule.Name, read.Options.TrainImages, read.Options.Training.Epochs));
        Assert.Equal([1, 94], metrics.Select(m => m.Step));
        Assert.Equal((3, 0.592), (metrics[0].Accuracy!.Count, metrics[1].Evaluation![0].Accuracy));
    }

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);
}
