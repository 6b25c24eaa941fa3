using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Commands;

/// <summary><c>generate --from</c>: takes a float ONNX network and quantises it without training.</summary>
internal sealed class GenerateFromModel
{
    private readonly Option<FileInfo?> _model = new("--from") { Description = "Float ONNX classifier to quantise instead of training one." };
    private readonly Option<DirectoryInfo?> _calibrate = new("--calibrate")
    {
        Description = $"With --from: folder of images to calibrate and measure with; files ending in {string.Join(", ", CalibrationFolder.Formats.Select(f => f.Extension))} are read.",
    };

    private readonly Option<FileInfo?> _labels = new("--labels") { Description = "With --from: text file with the class of each image, a number a line; default the labels in the images' files." };
    private readonly Option<string?> _means = new("--mean") { Description = "With --from: what the network wants taken away from pixel / 255, one number or one a channel, separated by commas." };
    private readonly Option<string?> _deviations = new("--std") { Description = "With --from: what it wants the rest divided by, likewise." };

    /// <summary>The options, to be added to the verb.</summary>
    public IReadOnlyList<Option> Options => [_model, _calibrate, _labels, _means, _deviations];

    /// <summary>Whether the command line names a model, all options together making sense.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="trainingOnly">Options that mean nothing with a model.</param>
    /// <exception cref="ArgumentException">They do not make sense; the sentence names the option.</exception>
    public bool IsAskedFor(ParseResult parsed, IReadOnlyList<Option> trainingOnly)
    {
        bool asked = parsed.GetValue(_model) is not null;
        if ((asked ? trainingOnly : Options).FirstOrDefault(o => IsGiven(parsed, o)) is { } senseless)
            throw new ArgumentException(asked ? $"{senseless.Name} is for training, which --from does without." : $"{senseless.Name} needs --from with a model file.");
        if (asked && parsed.GetValue(_calibrate) is null)
            throw new ArgumentException("--from needs --calibrate with a folder of images.");
        return asked;
    }

    /// <summary>Imports, and prints what came of it.</summary>
    public void Run(ParseResult parsed, IReadOnlyList<Precision> precisions, RunFolder run, bool json, CancellationToken cancellationToken)
    {
        ImportOptions options = new(
            parsed.GetRequiredValue(_model)!.FullName, parsed.GetRequiredValue(_calibrate)!.FullName, parsed.GetValue(_labels)?.FullName, precisions,
            NormalizationText.Parse(parsed.GetValue(_means), parsed.GetValue(_deviations)));
        RunReport report = new ImportPipeline(TimeProvider.System, new CalibrationFolder(CalibrationFolder.Formats)).Run(
            options, run, new GenerationProgressPrinter(ProgressLine.Console), cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, RunJson.Default.RunReport));
            return;
        }

        ImportReport import = report.Import!;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Network}: as imported it differs from the file by up to {import.SourceDifference:G2} a score; {report.Dataset.Train} images calibrated, {report.Dataset.Test} {(import.MeasuredApart ? "others" : "of the same")} measured"));
        foreach ((VariantReport variant, FidelityReport fidelity) in report.Variants.Zip(import.Fidelity))
        {
            string accuracy = import.HasLabels ? string.Create(CultureInfo.InvariantCulture, $"{variant.Accuracy * 100:F2} % right, ") : "";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{variant.Bits}: {accuracy}{fidelity.SamePredictions * 100:F2} % as in float, logits off by {fidelity.LogitError:G3} of a deviation of {fidelity.LogitDeviation:G3}"));
        }

        Console.WriteLine($"in {run.Path}");
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is OptionResult { Implicit: false };
}
