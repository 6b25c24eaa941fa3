using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Generation;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Controller.Commands;

/// <summary><c>generate</c>: trains a switchable-precision network and exports it.</summary>
internal static class GenerateCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        TrainingOptions defaults = new();
        Option<DirectoryInfo> folder = new("--out") { Description = "Run folder to fill: models, golden frames, test images, run.json.", Required = true };
        Option<string> net = new("--net") { Description = $"Network: {string.Join(", ", NetCatalog.Trainable)}.", DefaultValueFactory = _ => NetCatalog.Trainable[0] };
        Option<string> bits = new("--bits") { Description = "Bit-widths, fewest first, separated by commas.", DefaultValueFactory = _ => "4,8,32" };
        Option<string> schedule = new("--schedule")
        {
            Description = $"Which networks learn at which bit-widths: {string.Join(", ", ScheduleCatalog.Names)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => ScheduleCatalog.Default.Name,
        };
        Option<string> quantizer = new("--quantizer")
        {
            Description = $"How values are rounded: {string.Join(", ", QuantizerCatalog.All.Where(q => q.Deployment.IsExact).Select(q => q.Name))}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => QuantizerCatalog.Default.Name,
        };
        Option<double> epochs = new("--epochs") { Description = "Passes over the training images.", DefaultValueFactory = _ => defaults.Epochs };
        Option<int> batch = new("--batch") { Description = "Images of one step.", DefaultValueFactory = _ => defaults.BatchSize };
        Option<int> images = new("--images") { Description = "Train on the first so many images only; 0 for all." };
        Option<int> seed = new("--seed") { Description = "Of split, weights and order of images.", DefaultValueFactory = _ => 1 };
        DatasetArguments dataset = new();
        Option<bool> json = new("--json") { Description = "Print the report as JSON." };
        GenerateFromModel import = new();
        Command command = new(
            "generate",
            "Train a switchable-precision network by cascade distillation unless told otherwise, or take a float ONNX network (--from), as it is or trained further (--finetune); export and check one ONNX file per precision.")
        {
            folder, net, bits, schedule, quantizer, epochs, batch, images, seed, json,
        };
        dataset.AddTo(command);
        foreach (Option option in import.Options)
            command.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            RunFolder run = new(parsed.GetRequiredValue(folder).FullName);
            if (run.IsComplete)
                throw new ArgumentException($"'{run.Path}' already holds a finished run: name another folder.");
            bool isImport = import.IsAskedFor(parsed, [net, images, quantizer, schedule, .. dataset.Options], tuning: [epochs, batch, seed]);
            TrainingOptions training = defaults with
            {
                Precisions = BitWidths.Parse(parsed.GetRequiredValue(bits)),
                Epochs = parsed.GetValue(epochs),
                BatchSize = parsed.GetValue(batch),
                Seed = parsed.GetValue(seed),
                Quantizer = QuantizerCatalog.Named(parsed.GetRequiredValue(quantizer)),
            };
            if (isImport)
            {
                import.Run(parsed, training, run, parsed.GetValue(json), cancellationToken);
                return Task.FromResult(0);
            }

            GenerationOptions options = new(parsed.GetRequiredValue(net), training, parsed.GetValue(images), dataset.Read(parsed))
            {
                Augmentation = dataset.ReadAugmentation(parsed),
                Schedule = ScheduleCatalog.Named(parsed.GetRequiredValue(schedule)),
            };
            RunReport report = new GenerationPipeline(TimeProvider.System).Run(
                options, run, new GenerationProgressPrinter(ProgressLine.Console), cancellationToken);
            Console.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(report, RunJson.Default.RunReport)
                : string.Create(CultureInfo.InvariantCulture, $"{report.Network}: {string.Join(", ", report.Variants.Select(v => $"{v.Bits} {v.Accuracy * 100:F2} %"))} on {report.Dataset.Test} test images, trained in {report.Training.Seconds:F0} s; in {run.Path}"));
            return Task.FromResult(0);
        });
        return command;
    }
}
