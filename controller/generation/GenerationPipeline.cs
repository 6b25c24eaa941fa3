using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Runs.Reports;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Checkpoints;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Generation;

/// <summary>From a data set to one checked ONNX file per precision, in a run folder. Stateless but for the clock.</summary>
/// <param name="time">Clock.</param>
public sealed class GenerationPipeline(TimeProvider time)
{
    private const int GoldenFrames = 8;

    /// <summary>Data set → network → training → export → measurement by ONNX Runtime → run folder.</summary>
    /// <param name="options">What to generate.</param>
    /// <param name="folder">Filled; its run.json appears last.</param>
    /// <param name="progress">Told about each stage.</param>
    /// <param name="cancellationToken">Gives up; no run.json appears, but what training did is kept for <see cref="Resume"/>.</param>
    /// <exception cref="ArgumentException">
    /// There is no such network or data set, an option does not fit it, it cannot be trained, what its quantiser makes cannot be exported, or the folder
    /// holds a training that did not end.
    /// </exception>
    /// <exception cref="TorchUnavailableException">The native library is not there.</exception>
    /// <exception cref="DirectoryNotFoundException">The data set is not there.</exception>
    /// <exception cref="InvalidDataException">The data set is damaged.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another process works in it.</exception>
    /// <exception cref="TrainingDivergedException">The loss stopped being a number.</exception>
    /// <exception cref="ParityException">An exported file does not compute what was trained.</exception>
    public RunReport Run(GenerationOptions options, RunFolder folder, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(progress);
        if (folder.Checkpoints.Newest is { } kept)
        {
            throw new ArgumentException(
                $"'{folder.Path}' holds a training that did not end, up to '{Path.GetFileName(kept)}': --resume goes on with it; to begin anew, "
                + "name another folder or delete this one.");
        }

        long began = time.GetTimestamp();
        LoadedImages images = Load(options, progress, cancellationToken);
        options = images.Options;
        StepBudget? budget = null;
        if (options.Budget is { } seconds)
        {
            (options, budget) = new BudgetedSteps(time).Choose(options, images, seconds, began, cancellationToken);
            progress.Report(new GenerationProgress(Budget: budget));
        }

        using RunLock held = RunLock.Take(folder);
        AtomicFile.DeleteLeftovers(folder.Path);
        RunVersions versions = RunVersions.Here();
        RunMachine machine = RunMachine.Here();
        if (images.Document is { } document)
            folder.Write(Path.GetFileName(folder.NetworkDocument), NetworkDocumentFile.ToJson(document));
        folder.Write(new RunConfiguration(RunConfiguration.FormatVersion, time.GetUtcNow(), options, budget, versions, machine));
        return Generate(images with { Options = options }, folder, from: null, progress, cancellationToken);
    }

    /// <summary>Goes on with a run that ended before its time, by the options that it began with; ends with the same files as if it had not.</summary>
    /// <param name="folder">Of the run.</param>
    /// <param name="dataFolder">Where the images lie now; null for where they lay.</param>
    /// <param name="checkpointEvery">Time between two checkpoints; null for what it began with.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancellationToken">As above.</param>
    /// <exception cref="ArgumentException">There is nothing to go on with.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or of another configuration, images or machine; or as above.</exception>
    /// <remarks>The other exceptions are those of <see cref="Run"/>.</remarks>
    public RunReport Resume(
        RunFolder folder, string? dataFolder, TimeSpan? checkpointEvery, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(progress);
        if (folder.Checkpoints.Newest is not { } file || folder.ReadConfiguration() is not { } configuration)
            throw new ArgumentException($"'{folder.Path}' holds no checkpoint to go on from: without --resume, a run begins there.");
        (CheckpointHeader Header, IStateVisitor State) kept = folder.Checkpoints.ReadNewest();
        GenerationOptions options = configuration.Options with
        {
            Network = File.Exists(folder.NetworkDocument) ? folder.NetworkDocument : configuration.Options.Network,
            CheckpointEvery = checkpointEvery ?? configuration.Options.CheckpointEvery,
            Dataset = configuration.Options.Dataset with { Folder = dataFolder ?? configuration.Options.Dataset.Folder },
        };
        LoadedImages images = Load(options, progress, cancellationToken);
        if (RunFingerprint.Difference(kept.Header.Fingerprint, Fingerprint(images)) is { } difference)
            throw new InvalidDataException($"'{file}' belongs to another run, so going on would give another network: {difference}.");
        using RunLock held = RunLock.Take(folder);
        AtomicFile.DeleteLeftovers(folder.Path);
        progress.Report(new GenerationProgress(Resumed: new CheckpointReport(file, kept.Header.Step, new FileInfo(file).Length)));
        return Generate(images, folder, kept, progress, cancellationToken);
    }

    private static LoadedImages Load(GenerationOptions options, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        if (!NetworkDocumentFile.IsPath(options.Network))
            NetCatalog.RefuseUntrainable(options.Network);
        QuantizerCatalog.RefuseUndeployable(options.Training.Quantizer);
        // Without the native library there is no need to read the images first.
        TorchLibrary.RequireLoaded();
        LoadedImages images = LoadedImages.Load(options, cancellationToken);
        progress.Report(new GenerationProgress(Dataset: images.Report));
        return images;
    }

    private static IReadOnlyList<string> Fingerprint(LoadedImages images) =>
        RunFingerprint.Of(images.Options with { Network = images.NetworkIdentity }, images.Train, RunVersions.Here(), RunMachine.Here());

    private RunReport Generate(
        LoadedImages images, RunFolder folder, (CheckpointHeader Header, IStateVisitor State)? from, IProgress<GenerationProgress> progress,
        CancellationToken cancellationToken)
    {
        using ScheduledTraining trainer = new(images.Net, images.Options.Schedule, images.Options.Training, time);
        TrainingReport training = Train(trainer, images, folder, from, progress, cancellationToken);
        IReadOnlyList<VariantReport> variants =
            [.. trainer.Export().Select(v => Export(trainer, v, images.Test, folder, progress, cancellationToken))];

        ImageFile.Write(folder.TestImages, images.Test);
        folder.Write(Path.GetFileName(folder.GoldenFrames), images.Test.Take(GoldenFrames).Pixels);
        RunReport report = new(
            RunReport.FormatVersion, time.GetUtcNow(), images.Options.Training.Seed, images.Net.Name, images.Net.MultiplyAccumulates, images.Report, training,
            variants);
        RunHtml.Write(folder, report);
        folder.Write(report);
        folder.Checkpoints.Clear();
        return report;
    }

    private TrainingReport Train(
        ScheduledTraining trainer, LoadedImages images, RunFolder folder, (CheckpointHeader Header, IStateVisitor State)? from,
        IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        GenerationOptions options = images.Options;
        MetricsPlan plan = MetricsPlan.Of(trainer.StepsFor(images.Train.Count), options.Training.Epochs, options.Training.BatchSize, images.Test.Count);
        JournalOptions journaled = new(Fingerprint(images), options.CheckpointEvery, plan, images.Test.Take(plan.TestImages).Labeled());
        using RunJournal journal = new(folder, journaled, from, c => progress.Report(new GenerationProgress(Checkpoint: c)), time);
        TrainingProgress? last = null;
        trainer.Train(
            images.Train.Labeled(), new Relay<TrainingProgress>(p => progress.Report(new GenerationProgress(Training: last = p))), journal, cancellationToken);
        return new TrainingReport(
            options.Schedule.Name, options.Training.Epochs, last!.Steps, journal.Seconds, last.ImagesPerSecond, options.Training.Quantizer.Name);
    }

    private static VariantReport Export(
        ScheduledTraining trainer, TrainedVariant variant, ImageSet test, RunFolder folder, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        NetSpec net = trainer.Spec;
        OnnxEvaluator onnx = new();
        byte[] model = ModelExporter.Export(net, variant, ExportOptions.Device);
        Export.Evaluation exported = onnx.Evaluate(
            ModelExporter.Export(net, variant, new ExportOptions(OnnxEvaluator.GoodBatch)), test, cancellationToken);
        float[] logits = trainer.Evaluate(test.Labeled(), variant.Precision, cancellationToken).Logits;
        Export.Evaluation trained = Generation.Export.Evaluation.Of(logits, net.Classes, test.Labels);
        ParityCheck parity = ParityCheck.Compare(trained, exported);
        if (!parity.Holds)
            throw new ParityException(variant.Precision, parity);

        // Devices run the shipped file one frame at a time, so the golden answers come from exactly that.
        float[] golden = onnx.Evaluate(model, test.Take(GoldenFrames), cancellationToken).Logits;
        string name = RunFolder.ModelName(variant.Precision);
        folder.Write(name, model);
        VariantReport report = new(
            variant.Precision, name, model.Length, exported.Accuracy, trained.Accuracy, parity.AccuracyPoints, parity.SamePredictions,
            [.. golden.Chunk(net.Classes)]);
        progress.Report(new GenerationProgress(Variant: report));
        return report;
    }
}
