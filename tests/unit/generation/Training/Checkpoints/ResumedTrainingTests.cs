using InstantNet.Contracts;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Checkpoints;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Tests.Unit.Generation.Training.Checkpoints;

/// <summary>A training that was cut off and goes on ends with the same bits as one that was not.</summary>
[Collection("live tensors")]
public sealed class ResumedTrainingTests : IDisposable
{
    private const int Images = 70; // four batches of 16 an epoch, six images left over
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("instantnet-checkpoint-");

    private string File => Path.Combine(_folder.FullName, "kept");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("symmetric", "cdt", 1)] // clips still follow the data
    [InlineData("symmetric", "cdt", 9)] // they learn
    [InlineData("symmetric", "cdt", 12)] // all steps are made, only recalibration is left
    [InlineData("lsq", "cdt", 5)]
    [InlineData("dorefa", "cdt", 5)]
    [InlineData("sbm", "cdt", 5)]
    [InlineData("symmetric", "independent", 7)] // within the first of three networks
    [InlineData("lsq", "independent", 12)] // at its end
    [InlineData("symmetric", "independent", 30)] // within the third
    [InlineData("lsq", "ptq", 20)]
    public void Ends_with_the_same_bits_as_one_that_was_not_interrupted(string quantizer, string schedule, int afterStep)
    {
        TrainingOptions options = Tiny.Options with
        {
            Precisions = [new(4), new(8), Precision.Full], Quantizer = QuantizerCatalog.Named(quantizer), Epochs = 3 * 64.0 / Images, Augmentation = new(2, true),
        };
        Continuation whole = new(from: null);
        float[][] expected = Train(options, schedule, whole);
        Assert.Throws<PowerCutException>(() => Train(options, schedule, new Interruption(File, afterStep), endsNetwork: afterStep));

        Continuation rest = new(CheckpointFile.Read(File).State);
        float[][] resumed = Train(options, schedule, rest);

        Assert.Equal(whole.Steps - afterStep, rest.Steps);
        if (rest.Steps > 0)
            Assert.Equal(whole.LastState, rest.LastState);
        Assert.Equal(expected, resumed);
    }

    [LiveTensorsFact]
    public void Leaves_no_tensor_behind()
    {
        TrainingOptions options = Tiny.Options with { Epochs = 1 };
        Assert.Throws<PowerCutException>(() => Train(options, "cdt", new Interruption(File, 2)));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;

        Train(options, "cdt", new Continuation(CheckpointFile.Read(File).State));

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_state_of_another_network_is_refused_with_the_files_name()
    {
        Assert.Throws<PowerCutException>(() => Train(Tiny.Options with { Epochs = 1 }, "cdt", new Interruption(File, 2)));

        InvalidDataException more = Assert.Throws<InvalidDataException>(
            () => Train(Tiny.Options with { Epochs = 1, Quantizer = new LsqQuantizer() }, "cdt", new Continuation(CheckpointFile.Read(File).State)));

        Assert.StartsWith($"'{File}' is of another network: ", more.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asks_to_stop_gets_a_checkpoint_of_the_last_step()
    {
        using CancellationTokenSource stop = new();
        Stopper stopper = new(stop, File);

        using ScheduledTraining training = new(Tiny.Net, ScheduleCatalog.Default, Tiny.Options with { Epochs = 1 }, TimeProvider.System);
        Assert.Throws<OperationCanceledException>(() => training.Train(Tiny.Bars(64), null, stopper, stop.Token));

        CheckpointHeader kept = CheckpointFile.Read(File).Header;
        Assert.Equal((3, 4), (kept.Step, kept.Steps));
    }

    /// <returns>Scores at every precision.</returns>
    private static float[][] Train(TrainingOptions options, string schedule, ITrainingCompanion companion, int endsNetwork = 0)
    {
        using ScheduledTraining training = new(Tiny.Net, ScheduleCatalog.Named(schedule), options, TimeProvider.System);
        LabeledImages images = Tiny.Bars(Images);
        training.Train(images, null, companion, Never);
        if (companion is Interruption && endsNetwork == training.StepsFor(Images))
            throw new PowerCutException(); // between the last step and recalibration
        return [.. options.Precisions.Select(p => training.Evaluate(images, p, Never).Logits)];
    }

    private sealed class Stopper(CancellationTokenSource stop, string file) : ITrainingCompanion
    {
        public IStateVisitor? From => null;

        public void Stepped(TrainingMoment moment)
        {
            if (moment.Progress.Step == 3)
                stop.Cancel();
        }

        public void Stopping(TrainingMoment moment) =>
            CheckpointFile.Write(file, new CheckpointHeader([], moment.Progress.Step, moment.Progress.Steps, 0), moment.Visit);
    }
}
