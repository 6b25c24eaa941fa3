using System.Globalization;
using InstantNet.Generation;

namespace InstantNet.Controller.Commands;

/// <summary>Tells a person how a generation goes.</summary>
/// <param name="line">Where to.</param>
internal sealed class GenerationProgressPrinter(ProgressLine line) : IProgress<GenerationProgress>
{
    private int _kept;

    /// <inheritdoc/>
    public void Report(GenerationProgress value)
    {
        if (value.Dataset is { } data)
            line.Say($"{data.Name}: {data.Train} images to learn or calibrate and {data.Test} to test, each {data.Input}, {data.Labels.Count} classes{(data.Augmentation is { } moved ? $"; changed while training: {moved}" : "")}");
        if (value.Budget is { } budget)
            line.Say(string.Create(CultureInfo.InvariantCulture, $"{budget.Steps} steps fit into {budget.Seconds:0} s: one takes {budget.SecondsPerStep * 1000:F0} ms, recalibration, export and tests {budget.ReservedSeconds:F0} s"));
        if (value.Resumed is { } resumed)
            line.Say($"going on after step {resumed.Step}, which '{resumed.File}' keeps");
        if ((value.Checkpoint ?? value.Resumed) is { } kept)
            _kept = kept.Step;
        if (value.Training is { } training)
        {
            string accuracy = string.Join(" ", training.Accuracy.OrderBy(a => a.Key).Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Key} {a.Value:P1}")));
            line.Report(
                (double)training.Step / training.Steps,
                string.Create(CultureInfo.InvariantCulture, $"epoch {training.Epoch:F2} loss {training.Loss:F3}  {accuracy}  {training.ImagesPerSecond:F0} images/s  {training.Remaining:mm\\:ss} left{(_kept > 0 ? $"  step {_kept} kept" : "")}"));
        }

        if (value.Variant is { } v)
            line.Say(string.Create(CultureInfo.InvariantCulture, $"{v.Bits}: {v.Accuracy * 100:F2} % by ONNX Runtime, {v.TrainedAccuracy * 100:F2} % before export, {v.ModelBytes / 1024.0:F0} KiB"));
    }
}
