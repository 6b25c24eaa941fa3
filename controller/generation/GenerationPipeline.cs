using System.Diagnostics;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;
using InstantNet.Torch;

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
    /// <param name="cancellationToken">Gives up; no run.json appears.</param>
    /// <exception cref="ArgumentException">
    /// There is no such network or data set, an option does not fit it, it cannot be trained, or what its quantiser makes cannot be exported.
    /// </exception>
    /// <exception cref="TorchUnavailableException">The native library is not there.</exception>
    /// <exception cref="DirectoryNotFoundException">The data set is not there.</exception>
    /// <exception cref="InvalidDataException">The data set is damaged.</exception>
    /// <exception cref="TrainingDivergedException">The loss stopped being a number.</exception>
    /// <exception cref="ParityException">An exported file does not compute what was trained.</exception>
    public RunReport Run(GenerationOptions options, RunFolder folder, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(progress);
        NetworkDocument? searched = NetworkDocumentFile.IsPath(options.Network) ? NetworkDocumentFile.Read(options.Network) : null;
        if (searched is null)
            NetCatalog.RefuseUntrainable(options.Network);
        QuantizerCatalog.RefuseUndeployable(options.Training.Quantizer);
        // Without the native library there is no need to read the images first.
        _ = torch.get_num_threads();
        IDataset source = DatasetCatalog.Find(options.Dataset.Name);
        DatasetSplit data = source.Load(options.Dataset, options.Training.Seed, cancellationToken);
        ImageSet train = options.TrainImages > 0 ? data.Train.Take(options.TrainImages) : data.Train;
        Augmentation changes = options.Augmentation ?? data.Augmentation;
        changes.RefuseTooFar(train.Shape);
        options = options with { Training = options.Training with { Augmentation = changes } };
        DatasetReport dataset = new(source.Name, train.Count, data.Test.Count, train.Shape, data.ClassNames)
        {
            Split = data.Origin,
            Augmentation = changes.ToString(),
        };
        progress.Report(new GenerationProgress(Dataset: dataset));

        NetSpec net = searched?.Build(train.Shape, data.ClassNames.Count) ?? NetCatalog.Build(options.Network, train.Shape, data.ClassNames.Count);
        using ScheduledTraining trainer = new(net, options.Schedule, options.Training, time);
        TrainingReport training = Train(trainer, options, train, progress, cancellationToken);
        IReadOnlyList<VariantReport> variants =
            [.. trainer.Export().Select(v => Export(trainer, v, data.Test, folder, progress, cancellationToken))];

        if (searched is not null)
            folder.Write(Path.GetFileName(folder.NetworkDocument), NetworkDocumentFile.ToJson(searched));
        ImageFile.Write(folder.TestImages, data.Test);
        folder.Write(Path.GetFileName(folder.GoldenFrames), data.Test.Take(GoldenFrames).Pixels);
        RunReport report = new(
            RunReport.FormatVersion, time.GetUtcNow(), options.Training.Seed, net.Name, net.MultiplyAccumulates, dataset, training, variants);
        folder.Write(report);
        return report;
    }

    private TrainingReport Train(
        ScheduledTraining trainer, GenerationOptions options, ImageSet images, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        TrainingProgress? last = null;
        long start = time.GetTimestamp();
        trainer.Train(Labeled(images), new Relay(p => progress.Report(new GenerationProgress(Training: last = p))), cancellationToken);
        Debug.Assert(last is not null, "training reports its last step");
        return new TrainingReport(
            options.Schedule.Name, options.Training.Epochs, last.Steps, time.GetElapsedTime(start).TotalSeconds, last.ImagesPerSecond,
            options.Training.Quantizer.Name);
    }

    private static VariantReport Export(
        ScheduledTraining trainer, TrainedVariant variant, ImageSet test, RunFolder folder, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        NetSpec net = trainer.Spec;
        OnnxEvaluator onnx = new();
        byte[] model = ModelExporter.Export(net, variant, ExportOptions.Device);
        Export.Evaluation exported = onnx.Evaluate(
            ModelExporter.Export(net, variant, new ExportOptions(OnnxEvaluator.GoodBatch)), test, cancellationToken);
        float[] logits = trainer.Evaluate(Labeled(test), variant.Precision, cancellationToken).Logits;
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

    private static LabeledImages Labeled(ImageSet images) => new(images.Pixels, images.Labels, images.Shape);

    /// <summary>Reports on the caller's thread, in order; <see cref="Progress{T}"/> does neither without a synchronisation context.</summary>
    private sealed class Relay(Action<TrainingProgress> handler) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => handler(value);
    }
}
