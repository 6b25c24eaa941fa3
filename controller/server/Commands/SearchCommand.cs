using System.CommandLine;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Networks;
using InstantNet.Generation.Search;
using InstantNet.Generation.Training;
using InstantNet.Generation.Training.Quantizers;

namespace InstantNet.Controller.Commands;

/// <summary><c>search</c>: looks for an architecture by SP-NAS, and by the methods that it is compared with.</summary>
internal sealed class SearchCommand
{
    private static readonly SearchOptions Defaults = new();

    private readonly Option<string> _bits = new("--bits") { Description = "Bit-widths, fewest first, separated by commas.", DefaultValueFactory = _ => "4,8,32" };
    private readonly Option<string> _method = new("--method")
        { Description = $"How to search: {string.Join(", ", SearchMethods.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => SearchMethods.Default.Name };
    private readonly Option<string?> _compare = new("--compare") { Description = "Methods to put beside it, separated by commas; each gets the same time.", HelpName = "NAMES" };
    private readonly EnumOption<CostKind> _cost = new("--cost", "What to keep within the target", CostKind.MultiplyAccumulates);
    private readonly Option<string> _class = new("--class")
    {
        Description = $"Device class of edp, energy and latency, which are those of the fewest bits: {string.Join(", ", DeviceClasses.BuiltIn)}, or a .json file that describes one.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "eyeriss-168",
    };
    private readonly Option<string?> _target = new("--target")
        { Description = "Band for the cost, in its unit or in percent of the dearest network's; default 40%-50%, squared for edp.", HelpName = "LOW-HIGH" };
    private readonly Option<string> _stages = new("--stages")
    {
        Description = "Searchable layers, LAYERSxCHANNELS[/STRIDE] for each stage, or 'paper' for InstantNet's own space with its stem and header.",
        HelpName = "LIST",
        DefaultValueFactory = _ => FrameText.Stages(SearchOptions.SmallFrame),
    };
    private readonly Option<string> _stem = new("--stem")
        { Description = "First convolution, CHANNELS[/STRIDE].", HelpName = "SHAPE", DefaultValueFactory = _ => FrameText.Stem(SearchOptions.SmallFrame) };
    private readonly Option<int> _header = new("--header") { Description = "Channels before pooling.", DefaultValueFactory = _ => SearchOptions.SmallFrame.HeaderChannels };
    private readonly Option<string> _paths = new("--paths")
    {
        Description = "Choices of a layer that a step runs: 1 (sampled; two of them for the architecture), 2 (sampled, mixed) or all (mixed, as in the paper; slow).",
        HelpName = "1|2|all",
        DefaultValueFactory = _ => PathPolicy.One.Name,
    };
    private readonly Option<string> _quantizer = new("--quantizer")
        { Description = $"How values are rounded: {string.Join(", ", QuantizerCatalog.Names)}.", HelpName = "NAME", DefaultValueFactory = _ => QuantizerCatalog.Default.Name };
    private readonly Option<int> _batch = new("--batch") { Description = "Images of one step.", DefaultValueFactory = _ => Defaults.Training.BatchSize };
    private readonly Option<string> _budget = new("--budget")
        { Description = "Time of everything: half of it searches, the rest trains what was found.", HelpName = "TIME", DefaultValueFactory = _ => "30m" };
    private readonly Option<int?> _searchSteps = new("--search-steps")
        { Description = $"Steps of each search instead of those that the budget allows, at least {Defaults.Epochs}; with --train-steps a seed then gives the same result on any machine of a kind.", HelpName = "N" };
    private readonly Option<int?> _trainSteps = new("--train-steps") { Description = "Steps of each final training, likewise.", HelpName = "N" };
    private readonly Option<int> _seed = new("--seed") { Description = "Of weights, order of images and sampled paths.", DefaultValueFactory = _ => 1 };
    private readonly Option<DirectoryInfo?> _out = new("--out") { Description = "Folder for the networks found, METHOD.json each, for 'generate --net'.", HelpName = "DIR" };
    private readonly Option<FileInfo?> _plot = new("--plot") { Description = "Draw accuracy over cost, and the choices of each layer, as SVG.", HelpName = "FILE" };
    private readonly DatasetArguments _dataset = new();
    private readonly JsonTarget _json = JsonTarget.Create();

    private SearchCommand()
    {
    }

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        SearchCommand options = new();
        Command command = new("search", "Search an architecture for several bit-widths at once, then train what was found by cascade distillation and test it.")
        {
            options._bits, options._method, options._compare, options._cost, options._class, options._target, options._stages, options._stem, options._header,
            options._paths, options._quantizer, options._batch, options._budget, options._searchSteps, options._trainSteps, options._seed, options._out,
            options._plot, options._json.Option,
        };
        options._dataset.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(options.Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        _json.Check(parsed);
        JsonTarget.Check(_plot.Name, parsed.GetValue(_plot)?.FullName);
        JsonTarget.Check(_out.Name, parsed.GetValue(_out)?.FullName);
        if (parsed.GetValue(_out) is { } taken && File.Exists(taken.FullName))
            throw new ArgumentException($"--out is '{taken.FullName}', which is a file: a folder is accepted.");
        SearchReport report = new SearchComparison(TimeProvider.System).Run(
            RequestOf(parsed), new SearchProgressPrinter(ProgressLine.Console), cancellationToken);
        if (parsed.GetValue(_out) is DirectoryInfo folder)
        {
            folder.Create();
            foreach (NetworkDocument network in report.Methods.Select(m => m.Search?.Network).OfType<NetworkDocument>())
                NetworkDocumentFile.Write(Path.Combine(folder.FullName, $"{network.Name}.json"), network);
        }

        if (parsed.GetValue(_plot) is FileInfo plot)
            SearchPlot.Write(plot.FullName, report);
        if (_json.Write(parsed, report, SearchJson.Default.SearchReport))
            SearchTable.Print(report);
        return report.Methods.All(m => m.Failure is null) ? CommandLine.Done : CommandLine.Failed;
    }

    private SearchRequest RequestOf(ParseResult parsed)
    {
        string[] methods = [parsed.GetRequiredValue(_method), .. parsed.GetValue(_compare)?.Split(',', StringSplitOptions.TrimEntries) ?? []];
        return new SearchRequest(
            [.. methods.Distinct().Select(SearchMethods.Named)], SearchOf(parsed), _cost.Read(parsed), parsed.GetRequiredValue(_class),
            parsed.GetValue(_target) is string target ? TargetSpan.Parse(target) : TargetSpan.Default,
            Durations.Parse("--budget", parsed.GetRequiredValue(_budget)), _dataset.Read(parsed))
        {
            Augmentation = _dataset.ReadAugmentation(parsed),
            SearchSteps = AtLeast("--search-steps", Defaults.Epochs, parsed.GetValue(_searchSteps)),
            TrainSteps = AtLeast("--train-steps", 1, parsed.GetValue(_trainSteps)),
        };
    }

    private SearchOptions SearchOf(ParseResult parsed) => Defaults with
    {
        Training = Defaults.Training with
        {
            Precisions = BitWidths.Parse(parsed.GetRequiredValue(_bits)),
            Quantizer = QuantizerCatalog.Named(parsed.GetRequiredValue(_quantizer)),
            BatchSize = parsed.GetValue(_batch),
            Seed = parsed.GetValue(_seed),
        },
        Frame = FrameOf(parsed),
        Paths = PathPolicy.Named(parsed.GetRequiredValue(_paths)),
    };

    private SearchSpaceFrame FrameOf(ParseResult parsed)
    {
        string stages = parsed.GetRequiredValue(_stages);
        if (stages == "paper")
        {
            return parsed.GetResult(_stem) is { Implicit: true } && parsed.GetResult(_header) is { Implicit: true }
                ? SearchSpaceFrame.Thumbnails
                : throw new ArgumentException("--stages paper has a stem and a header of its own: leave --stem and --header out.");
        }

        (int channels, int stride) = FrameText.ParseStem(parsed.GetRequiredValue(_stem));
        return new SearchSpaceFrame(channels, stride, FrameText.ParseStages(stages), AtLeast("--header", 1, parsed.GetValue(_header))!.Value);
    }

    private static int? AtLeast(string option, int least, int? value) =>
        value is null || value >= least ? value : throw new ArgumentException($"{option} is {value}: {least} or more is accepted.");
}
