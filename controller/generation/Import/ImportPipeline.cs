using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Runs.Reports;

namespace InstantNet.Generation.Import;

/// <summary>From somebody's float ONNX classifier to one checked file per precision, in a run folder. Stateless but for the clock.</summary>
/// <param name="time">Clock.</param>
/// <param name="images">Reads calibration images.</param>
public sealed class ImportPipeline(TimeProvider time, CalibrationFolder images)
{
    private const int GoldenFrames = 8;

    // Enough to show that the import understood the file; large networks take a second for these.
    private const int ImagesOfSourceCheck = 16;

    /// <summary>File → network → proof that it is the same → a classifier where it ends in features → calibration or fine-tuning → a variant per precision → measurement by ONNX Runtime → run folder.</summary>
    /// <param name="options">What to import.</param>
    /// <param name="folder">Filled; its run.json appears last.</param>
    /// <param name="progress">Told about each stage.</param>
    /// <param name="cancellationToken">Gives up; no run.json appears.</param>
    /// <exception cref="InvalidDataException">The file, the images or the labels are not accepted; one sentence says why.</exception>
    /// <exception cref="IOException">A file or the folder is not there.</exception>
    /// <exception cref="NotSupportedException">17 to 31 bits, or a layer whose sums int32 may not hold.</exception>
    /// <exception cref="Training.TrainingDivergedException">Fine-tuning: the loss stopped being a number.</exception>
    /// <exception cref="ParityException">An exported file does not compute what was quantised.</exception>
    public RunReport Run(ImportOptions options, RunFolder folder, IProgress<GenerationProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(progress);
        long start = time.GetTimestamp();
        if (new FileInfo(options.ModelFile) is { Exists: true, Length: > NetworkImporter.MaxFileBytes })
            throw new InvalidDataException($"'{options.ModelFile}' is larger than {NetworkImporter.MaxFileBytes} bytes.");
        byte[] file = File.ReadAllBytes(options.ModelFile);
        ImportedNetwork imported = NetworkImporter.Import(file, options.ModelFile, options.Normalization);
        CalibrationImages given = images.Read(
            options.ImageFolder, imported.Net.Input, imported.EndsInFeatures ? byte.MaxValue + 1 : imported.Net.Classes, options.LabelFile);
        if (imported.EndsInFeatures)
            ClassifierFitting.RefuseUnfit(imported, given, options.ModelFile);
        if (options.FineTuning is not null)
            FineTuning.RefuseUnfit(imported, given, options.ModelFile);
        bool fitted = imported.EndsInFeatures, learns = fitted || options.FineTuning is not null;
        (ImageSet learned, ImageSet test, bool apart) = learns ? ImageShare.SplitToTrain(given.Images) : ImageShare.Split(given.Images);
        float difference = SourceCheck.Compare(file, options.ModelFile, imported, test.Take(ImagesOfSourceCheck), cancellationToken);
        if (fitted)
            imported = ClassifierFitting.Fit(imported, learned, given.Images.Labels.ToArray().Max() + 1, cancellationToken);
        NetSpec net = imported.Net;
        ImageSet calibration = learns && options.FineTuning is null ? ImageShare.Split(learned).Calibration : learned;
        DatasetReport dataset = new(
            Path.GetFileName(Path.GetFullPath(options.ImageFolder)), learned.Count, test.Count, net.Input,
            [.. Enumerable.Range(0, net.Classes).Select(c => c.ToString(CultureInfo.InvariantCulture))]);
        progress.Report(new GenerationProgress(Dataset: dataset));

        Evaluation plain = new OnnxEvaluator().Evaluate(
            ModelExporter.Export(net, imported.Variant, new ExportOptions(BatchOf(test))), test, cancellationToken);
        IReadOnlyList<Precision> precisions = [.. options.Precisions.Distinct().Order()];
        (IEnumerable<TrainedVariant> made, TrainingReport training) = options.FineTuning is { } tuning
            ? new FineTuning(time).Run(imported, calibration, tuning with { Precisions = precisions }, progress, cancellationToken)
            : (Quantized(imported, calibration, precisions, cancellationToken), new TrainingReport("ptq", 0, 0, time.GetElapsedTime(start).TotalSeconds, 0));
        VariantExport export = new(net, test, plain, given.HasLabels, folder, progress);
        List<VariantReport> variants = [];
        List<FidelityReport> fidelity = [];
        foreach (TrainedVariant one in made)
        {
            (VariantReport variant, FidelityReport faithful) = export.Run(one, GoldenFrames, cancellationToken);
            variants.Add(variant);
            fidelity.Add(faithful);
        }

        ImageFile.Write(folder.TestImages, given.HasLabels ? test : AsAnswered(test, plain));
        folder.Write(Path.GetFileName(folder.GoldenFrames), test.Take(GoldenFrames).Pixels);
        folder.Write(Path.GetFileName(folder.SourceModel), file);
        RunReport report = new(
            RunReport.FormatVersion, time.GetUtcNow(), options.FineTuning?.Seed ?? 0, net.Name, net.MultiplyAccumulates, dataset, training, variants,
            new ImportReport(options.Normalization, given.HasLabels, apart, difference, fidelity) { FittedClasses = fitted ? net.Classes : null });
        RunHtml.Write(folder, report);
        folder.Write(report);
        return report;
    }

    private static IEnumerable<TrainedVariant> Quantized(
        ImportedNetwork imported, ImageSet calibration, IReadOnlyList<Precision> precisions, CancellationToken cancellationToken)
    {
        MeasuredQuantizer quantizer = new(imported.Net, imported.Variant, calibration, cancellationToken);
        return precisions.Select(p => p.IsFloat ? imported.Variant : quantizer.Quantize(p, cancellationToken));
    }

    internal static int BatchOf(ImageSet test) => Math.Min(OnnxEvaluator.GoodBatch, test.Count);

    /// <summary>Images labelled with the float network's answers; a class beyond the 256th, which no label holds, becomes 0.</summary>
    private static ImageSet AsAnswered(ImageSet test, Evaluation plain) =>
        new(test.Shape, test.Pixels, [.. plain.Predictions.Select(p => p <= byte.MaxValue ? (byte)p : (byte)0)]);
}
