using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using InstantNet.Generation.Import;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;

namespace InstantNet.Controller.Commands;

/// <summary><c>generate --from</c>: takes a float ONNX network and quantises it without training, or trains it further.</summary>
internal sealed class GenerateFromModel
{
    private readonly Option<FileInfo?> _model = new("--from") { Description = "Float ONNX classifier to quantise instead of training one; where it ends in features, a classifier is fitted to them, which needs labels." };
    private readonly Option<DirectoryInfo?> _calibrate = new("--calibrate")
    {
        Description = $"With --from: folder of images to calibrate and measure with; files ending in {string.Join(", ", CalibrationFolder.Formats.Select(f => f.Extension))} are read.",
    };

    private readonly Option<FileInfo?> _labels = new("--labels") { Description = "With --from: text file with the class of each image, a number a line; default the labels in the images' files." };
    private readonly Option<bool> _fineTune = new("--finetune") { Description = "With --from: train it further at all bit-widths by cascade distillation, on three in four of the images; the others measure it. Needs labels." };
    private readonly Option<string?> _means = new("--mean") { Description = "With --from: what the network wants taken away from pixel / 255, one number or one a channel, separated by commas." };
    private readonly Option<string?> _deviations = new("--std") { Description = "With --from: what it wants the rest divided by, likewise." };

    /// <summary>The options, to be added to the verb.</summary>
    public IReadOnlyList<Option> Options => [_model, _calibrate, _labels, _fineTune, _means, _deviations];

    /// <summary>Whether the command line names a model, all options together making sense.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="trainingOnly">Options that mean nothing with a model.</param>
    /// <param name="tuning">Options that mean something with a model only when it is fine-tuned.</param>
    /// <exception cref="ArgumentException">They do not make sense; the sentence names the option.</exception>
    public bool IsAskedFor(ParseResult parsed, IReadOnlyList<Option> trainingOnly, IReadOnlyList<Option> tuning)
    {
        bool asked = parsed.GetValue(_model) is not null;
        if (!asked && Options.FirstOrDefault(o => IsGiven(parsed, o)) is { } alone)
            throw new ArgumentException($"{alone.Name} needs --from with a model file.");
        if (asked && trainingOnly.FirstOrDefault(o => IsGiven(parsed, o)) is { } senseless)
            throw new ArgumentException($"{senseless.Name} is for training, which --from does without.");
        if (asked && !parsed.GetValue(_fineTune) && tuning.FirstOrDefault(o => IsGiven(parsed, o)) is { } untrained)
            throw new ArgumentException($"{untrained.Name} is for training, which --from does without unless --finetune is given.");
        if (asked && parsed.GetValue(_calibrate) is null)
            throw new ArgumentException("--from needs --calibrate with a folder of images.");
        return asked;
    }

    /// <summary>Imports, and prints what came of it.</summary>
    public void Run(ParseResult parsed, TrainingOptions training, RunFolder run, bool json, CancellationToken cancellationToken)
    {
        ImportOptions options = new(
            parsed.GetRequiredValue(_model)!.FullName, parsed.GetRequiredValue(_calibrate)!.FullName, parsed.GetValue(_labels)?.FullName, training.Precisions,
            NormalizationText.Parse(parsed.GetValue(_means), parsed.GetValue(_deviations)))
        {
            FineTuning = parsed.GetValue(_fineTune) ? training : null,
        };
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
            $"{report.Network}: as imported it differs from the file by up to {import.SourceDifference:G2} a score; {report.Dataset.Train} images {(options.FineTuning is not null ? "trained it further" : import.FittedClasses is null ? "calibrated" : "gave it a classifier")}, {report.Dataset.Test} {(import.MeasuredApart ? "others" : "of the same")} measured"));
        if (import.FittedClasses is { } classes)
            Console.WriteLine($"It ends in features: a linear classifier of {classes} classes was fitted to those of the same {report.Dataset.Train} images.");
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
