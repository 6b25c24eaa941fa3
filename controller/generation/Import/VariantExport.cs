using InstantNet.Generation.Datasets;
using InstantNet.Generation.Export;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;

namespace InstantNet.Generation.Import;

/// <summary>Exports the variants of an imported network, one after the other, and measures each.</summary>
/// <param name="net">The network.</param>
/// <param name="test">Images to measure with.</param>
/// <param name="plain">What the float network answered to them.</param>
/// <param name="hasLabels">Whether they are labelled.</param>
/// <param name="folder">Where the files go.</param>
/// <param name="progress">Told about each variant.</param>
internal sealed class VariantExport(NetSpec net, ImageSet test, Evaluation plain, bool hasLabels, RunFolder folder, IProgress<GenerationProgress> progress)
{
    /// <summary>Writes the variant's file and measures it.</summary>
    /// <exception cref="ParityException">The file does not compute what the variant says.</exception>
    public (VariantReport Variant, FidelityReport Fidelity) Run(TrainedVariant variant, int goldenFrames, CancellationToken cancellationToken)
    {
        OnnxEvaluator onnx = new();
        ExportOptions batches = new(ImportPipeline.BatchOf(test));
        byte[] model = ModelExporter.Export(net, variant, ExportOptions.Device);
        Evaluation exported = onnx.Evaluate(ModelExporter.Export(net, variant, batches), test, cancellationToken);
        // The same grid in float operators is to integers what training is to a trained network.
        Evaluation expected = variant.Precision.IsInteger ? onnx.Evaluate(FloatModelExporter.Export(net, variant, batches), test, cancellationToken) : exported;
        ParityCheck parity = ParityCheck.Compare(expected, exported);
        if (!parity.Holds && !parity.HoldsAsByChance(test.Count))
            throw new ParityException(variant.Precision, parity);

        float[] golden = onnx.Evaluate(model, test.Take(goldenFrames), cancellationToken).Logits;
        string name = RunFolder.ModelName(variant.Precision);
        folder.Write(name, model);
        FidelityReport fidelity = new(variant.Precision, Agreement(exported), LogitError(exported), Deviation(plain.Logits));
        VariantReport report = new(
            variant.Precision, name, model.Length, hasLabels ? exported.Accuracy : fidelity.SamePredictions, hasLabels ? expected.Accuracy : Agreement(expected),
            parity.AccuracyPoints, parity.SamePredictions, [.. golden.Chunk(net.Classes)]);
        progress.Report(new GenerationProgress(Variant: report));
        return (report, fidelity);
    }

    private double Agreement(Evaluation other) => other.Predictions.Zip(plain.Predictions).Count(p => p.First == p.Second) / (double)other.Count;

    private double LogitError(Evaluation other) =>
        Math.Sqrt(other.Logits.Zip(plain.Logits).Sum(p => ((double)p.First - p.Second) * (p.First - p.Second)) / other.Logits.Length);

    private static double Deviation(float[] values)
    {
        double mean = values.Average(v => (double)v);
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
