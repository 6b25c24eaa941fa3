using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using InstantNet.Generation;
using InstantNet.Generation.Comparisons;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Runs;
using InstantNet.Generation.Runs.Reports;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Controller.Commands;

/// <summary><c>generate</c>: trains a switchable-precision network and exports it.</summary>
internal sealed class GenerateCommand
{
    private static readonly TrainingOptions Defaults = new();

    private readonly Option<DirectoryInfo> _folder = new("--out") { Description = "Run folder to fill: models, golden frames, test images, run.json, metrics, report.html.", Required = true };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the run that ended before its time in --out, by the options that it began with." };
    private readonly Option<string> _net = new("--net") { Description = $"Network: {string.Join(", ", NetCatalog.Trainable)}, or a .json file that 'search' wrote.", DefaultValueFactory = _ => NetCatalog.Trainable[0] };
    private readonly Option<string> _bits = new("--bits") { Description = "Bit-widths, fewest first, separated by commas.", DefaultValueFactory = _ => "4,8,32" };
    private readonly Option<string> _schedule = new("--schedule")
    {
        Description = $"Which networks learn at which bit-widths: {string.Join(", ", ScheduleCatalog.Names)}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => ScheduleCatalog.Default.Name,
    };
    private readonly Option<string> _quantizer = new("--quantizer")
    {
        Description = $"How values are rounded: {string.Join(", ", QuantizerCatalog.All.Where(q => q.Deployment.IsExact).Select(q => q.Name))}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => QuantizerCatalog.Default.Name,
    };
    private readonly EnumOption<TeacherDistance> _distance = TrainingArguments.Distance();
    private readonly Option<double> _epochs = new("--epochs") { Description = "Passes over the training images.", DefaultValueFactory = _ => Defaults.Epochs };
    private readonly Option<string?> _budget = new("--budget") { Description = "Instead of --epochs: time for everything, for example 20m; the speed is measured first.", HelpName = "TIME" };
    private readonly Option<int> _batch = new("--batch") { Description = "Images of one step.", DefaultValueFactory = _ => Defaults.BatchSize };
    private readonly Option<int> _images = new("--images") { Description = "Train on the first so many images only; 0 for all." };
    private readonly Option<int> _seed = new("--seed") { Description = "Of split, weights and order of images.", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _every = new("--checkpoint-every") { Description = "Time between two checkpoints of the training.", HelpName = "TIME", DefaultValueFactory = _ => "1m" };
    private readonly Option<FileInfo?> _baselines = ReportCommand.Baselines();
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as JSON." };
    private readonly DatasetArguments _dataset = new();
    private readonly GenerateFromModel _import = new();

    private GenerateCommand()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        GenerateCommand options = new();
        Command command = new(
            "generate",
            "Train a switchable-precision network by cascade distillation unless told otherwise, or take a float ONNX network (--from), as it is or trained further (--finetune); export and check one ONNX file per precision. Ctrl-C keeps what training did: --resume goes on.")
        {
            options._folder, options._resume, options._net, options._bits, options._schedule, options._quantizer, options._distance, options._epochs, options._budget, options._batch,
            options._images, options._seed, options._every, options._baselines, options._json,
        };
        options._dataset.AddTo(command);
        foreach (Option option in options._import.Options)
            command.Add(option);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(options.Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        RunFolder run = new(parsed.GetRequiredValue(_folder).FullName);
        if (run.IsComplete)
            throw new ArgumentException($"'{run.Path}' already holds a finished run: name another folder.");
        if (_import.IsAskedFor(
            parsed, [_resume, _net, _budget, _images, _quantizer, _schedule, _every, _baselines, .. _dataset.Options], tuning: [_epochs, _batch, _seed, _distance]))
        {
            _import.Run(parsed, ReadTraining(parsed), run, parsed.GetValue(_json), cancellationToken);
            return CommandLine.Done;
        }

        try
        {
            // Read before hours of training, and written after them.
            ScheduleComparisonReport? baselines = ReportCommand.Read(parsed, _baselines);
            RunReport report = Train(parsed, run, cancellationToken);
            if (baselines is not null)
            {
                run.Write(Path.GetFileName(run.Baselines), JsonSerializer.SerializeToUtf8Bytes(baselines, ComparisonJson.Default.ScheduleComparisonReport));
                RunHtml.Write(run);
            }

            Console.WriteLine(parsed.GetValue(_json)
                ? JsonSerializer.Serialize(report, RunJson.Default.RunReport)
                : string.Create(CultureInfo.InvariantCulture, $"{report.Network}: {string.Join(", ", report.Variants.Select(v => $"{v.Bits} {v.Accuracy * 100:F2} %"))} on {report.Dataset.Test} test images, trained in {report.Training.Seconds:F0} s; in {run.Path}"));
            return CommandLine.Done;
        }
        catch (OperationCanceledException) when (run.Checkpoints.Newest is { } kept)
        {
            ProgressLine.Console.Say($"stopped; what training did is in '{kept}': './instantnet generate --resume --out {run.Path}' goes on");
            throw;
        }
    }

    private RunReport Train(ParseResult parsed, RunFolder run, CancellationToken cancellationToken)
    {
        GenerationOptions asked = Read(parsed);
        GenerationPipeline pipeline = new(TimeProvider.System);
        GenerationProgressPrinter printer = new(ProgressLine.Console);
        if (!parsed.GetValue(_resume))
            return pipeline.Run(asked, run, printer, cancellationToken);
        if (run.ReadConfiguration() is { } configuration)
            RefuseOther(parsed, asked, configuration, run);
        return pipeline.Resume(run, asked.Dataset.Folder, IsGiven(parsed, _every) ? asked.CheckpointEvery : null, printer, cancellationToken);
    }

    private GenerationOptions Read(ParseResult parsed)
    {
        if (IsGiven(parsed, _budget) && IsGiven(parsed, _epochs))
            throw new ArgumentException("--budget and --epochs both say how long to train: one of them is accepted.");
        return new GenerationOptions(parsed.GetRequiredValue(_net), ReadTraining(parsed), parsed.GetValue(_images), _dataset.Read(parsed))
        {
            Augmentation = _dataset.ReadAugmentation(parsed),
            Schedule = ScheduleCatalog.Named(parsed.GetRequiredValue(_schedule)),
            CheckpointEvery = Durations.Parse("--checkpoint-every", parsed.GetRequiredValue(_every)),
            Budget = parsed.GetValue(_budget) is { } budget ? Durations.Parse("--budget", budget) : null,
        };
    }

    private TrainingOptions ReadTraining(ParseResult parsed) => Defaults with
    {
        Precisions = BitWidths.Parse(parsed.GetRequiredValue(_bits)),
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batch),
        Seed = parsed.GetValue(_seed),
        Quantizer = QuantizerCatalog.Named(parsed.GetRequiredValue(_quantizer)),
        Distance = _distance.Read(parsed),
    };

    /// <summary>A resumed run goes by the options that it began with; saying them again is fine, saying others is not.</summary>
    private void RefuseOther(ParseResult parsed, GenerationOptions asked, RunConfiguration began, RunFolder run)
    {
        GenerationOptions then = began.Options with { Budget = began.Budget is { } budget ? TimeSpan.FromSeconds(budget.Seconds) : null };
        (Option Option, Func<GenerationOptions, string?> Text)[] compared =
        [
            (_net, o => o.Network), (_bits, o => string.Join(',', o.Training.Precisions.Select(p => p.Bits))), (_schedule, o => o.Schedule.Name),
            (_quantizer, o => o.Training.Quantizer.Name), (_distance, o => EnumNames.Of(o.Training.Distance)), (_epochs, o => Number(o.Training.Epochs)), (_budget, o => $"{o.Budget}"),
            (_batch, o => Number(o.Training.BatchSize)), (_images, o => Number(o.TrainImages)), (_seed, o => Number(o.Training.Seed)),
            .. _dataset.Compared,
        ];
        foreach ((Option option, Func<GenerationOptions, string?> text) in compared.Where(c => IsGiven(parsed, c.Option)))
        {
            if (text(asked) != text(then))
            {
                string was = text(then) is { Length: > 0 } value ? $"began with {value}" : "began without it";
                throw new ArgumentException($"{option.Name} is {text(asked)}, but the run in '{run.Path}' {was}: leave it out, or begin in another folder.");
            }
        }
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is OptionResult { Implicit: false };

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
