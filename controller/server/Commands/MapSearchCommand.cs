using System.CommandLine;
using System.Globalization;
using System.Text;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Experts;
using InstantNet.Generation.Mapping.Network;
using InstantNet.Generation.Mapping.Reports;
using InstantNet.Generation.Mapping.Search;
using InstantNet.Generation.Networks;

namespace InstantNet.Controller.Commands;

/// <summary><c>map search</c>: dataflows of networks on device classes, beside the expert flows and the lower bound.</summary>
internal sealed class MapSearchCommand
{
    private readonly Option<string> _net = new("--net")
        { HelpName = "LIST", Description = $"Networks, separated by commas ({string.Join(", ", NetCatalog.Names)}), or .json files with their loops.", DefaultValueFactory = _ => NetCatalog.Names[0] };
    private readonly Option<string> _class = new("--class")
        { HelpName = "LIST", Description = $"Device classes, separated by commas ({string.Join(", ", DeviceClasses.BuiltIn)}), or .json files that describe one.", Required = true };
    private readonly Option<string> _bits = new("--bits") { HelpName = "LIST", Description = "Bit-widths, separated by commas.", DefaultValueFactory = _ => "4,8,32" };
    private readonly Option<string?> _rules = new("--mac-rule")
        { HelpName = "LIST", Description = "Instead of the class's own: how units profit from narrow operands (fixed, bitfusion, bitserial, packed), several separated by commas." };
    private readonly EnumOption<MapObjective> _objective = new("--objective", "What to make small", MapObjective.EnergyDelay);
    private readonly Option<double?> _latencyBound = new("--latency-bound-ms") { HelpName = "MS", Description = "Least energy with which a frame takes so long at the most." };
    private readonly Option<string> _engines = new("--engines")
        { HelpName = "one|any", Description = "one: a single engine runs all layers; any: also an engine per layer, all at work at once.", DefaultValueFactory = _ => "any" };
    private readonly Option<string> _flows = new("--flows") { HelpName = "LIST", Description = "Expert flows to put beside it, or none.", DefaultValueFactory = _ => string.Join(',', ExpertFlows.Names) };
    private readonly Option<PhysicalEffects> _effects = new("--effects")
    {
        Description = $"Accounting: timeloop, physical, or effects separated by commas ({string.Join(", ", EnumNames.Of<PhysicalEffects>())}).",
        HelpName = "LIST",
        DefaultValueFactory = _ => new MapOptions().Effects,
        CustomParser = result => EnumNames.ParseEffects("--effects", result),
    };
    private readonly Option<bool> _pad = new("--pad") { Description = "Loops may be padded to bounds with better factors; the padding is paid for." };
    private readonly Option<long> _evaluations = new("--evaluations")
        { HelpName = "N", Description = "Mappings costed per distinct layer, precision and flow.", DefaultValueFactory = _ => new MapOptions().EvaluationsPerLayer };
    private readonly Option<double?> _seconds = new("--seconds") { HelpName = "S", Description = "Most time of each such search; then the answer may differ from run to run." };
    private readonly Option<long?> _idle = new("--idle") { HelpName = "N", Description = "End each search after so many mappings without an improvement." };
    private readonly Option<long> _seed = new("--seed") { HelpName = "N", Description = "Of the search; same seed, same answer, on any number of threads.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _threads = new("--threads") { HelpName = "N", Description = "Searches side by side; 0 is one per processor." };
    private readonly Option<string> _cache = new("--cache") { HelpName = "DIR", Description = "Folder that keeps results from run to run, or none.", DefaultValueFactory = _ => "none" };
    private readonly Option<DirectoryInfo?> _out = new("--out") { Description = "Folder for every layer's dataflow, a file per network, class and precision.", HelpName = "DIR" };
    private readonly Option<FileInfo?> _report = new("--report") { Description = "HTML file with charts of what was found; works offline.", HelpName = "FILE" };
    private readonly JsonTarget _json = JsonTarget.Create();

    private MapSearchCommand()
    {
    }

    public static Command Create()
    {
        MapSearchCommand options = new();
        Command command = new("search", "Search the dataflows of networks on device classes, beside the expert flows and the lower bound.")
        {
            options._net, options._class, options._bits, options._rules, options._objective, options._latencyBound, options._engines, options._flows, options._effects,
            options._pad, options._evaluations, options._seconds, options._idle, options._seed, options._threads, options._cache, options._out, options._report, options._json.Option,
        };
        command.SetAction((parsed, cancellationToken) => Task.FromResult(options.Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        _json.Check(parsed);
        JsonTarget.Check(_report.Name, parsed.GetValue(_report)?.FullName);
        MapOptions options = OptionsOf(parsed);
        IReadOnlyList<Precision> precisions = BitWidths.Parse(parsed.GetRequiredValue(_bits));
        NetworkLoops[] nets = [.. Names(parsed, _net).Select(Load)];
        DeviceClass[] devices = [.. Names(parsed, _class).Select(DeviceClasses.Load).SelectMany(d => WithRules(d, parsed.GetValue(_rules)))];
        long started = TimeProvider.System.GetTimestamp();
        List<NetworkMapping> mappings = [];
        foreach (NetworkLoops net in nets)
        {
            foreach (DeviceClass device in devices)
            {
                mappings.Add(NetworkMapper.Map(net, device, precisions, options, new MapProgressPrinter(ProgressLine.Console), cancellationToken));
            }
        }

        if (parsed.GetValue(_out) is DirectoryInfo folder)
            DataflowFiles.Write(folder.FullName, mappings);
        if (parsed.GetValue(_report) is FileInfo report)
            AtomicFile.Write(report.FullName, s => s.Write(Encoding.UTF8.GetBytes(MappingHtml.Of(mappings))));
        bool wantsLines = mappings is [NetworkMapping only]
            ? _json.Write(parsed, only, MappingJsonContext.Default.NetworkMapping)
            : _json.Write(parsed, mappings, MappingJsonContext.Default.IReadOnlyListNetworkMapping);
        if (wantsLines)
            MapSearchTable.Print(mappings, TimeProvider.System.GetElapsedTime(started));
        return CommandLine.Done;
    }

    private MapOptions OptionsOf(ParseResult parsed)
    {
        double? bound = parsed.GetValue(_latencyBound), seconds = parsed.GetValue(_seconds);
        long evaluations = AtLeastOne("--evaluations", parsed.GetValue(_evaluations));
        string cache = parsed.GetRequiredValue(_cache), engines = parsed.GetRequiredValue(_engines);
        if (engines is not ("one" or "any"))
            throw new ArgumentException($"--engines is '{engines}': one or any is accepted.");
        if (parsed.GetValue(_threads) < 0)
            throw new ArgumentException($"--threads is {parsed.GetValue(_threads)}: 0 or more is accepted.");
        string[] flows = parsed.GetRequiredValue(_flows) is "none" ? [] : Names(parsed, _flows);
        if (flows.FirstOrDefault(f => !ExpertFlows.Names.Contains(f)) is string unknown)
            throw new ArgumentException($"--flows names '{unknown}': {string.Join(", ", ExpertFlows.Names)} or none are accepted.");
        return new MapOptions
        {
            Seed = parsed.GetValue(_seed),
            EvaluationsPerLayer = evaluations,
            TimePerLayer = Above0("--seconds", seconds) is double s ? TimeSpan.FromSeconds(s) : null,
            IdleEvaluations = parsed.GetValue(_idle) is long idle ? AtLeastOne("--idle", idle) : long.MaxValue,
            Threads = parsed.GetValue(_threads),
            Objective = bound is null ? _objective.Read(parsed) : MapObjective.Energy,
            LatencyBoundMilliseconds = Above0("--latency-bound-ms", bound),
            MayPad = parsed.GetValue(_pad),
            MayPipeline = engines == "any",
            Flows = flows,
            Effects = parsed.GetValue(_effects),
            CacheFolder = cache == "none" ? null : cache,
        };
    }

    private static string[] Names(ParseResult parsed, Option<string> option) =>
        parsed.GetRequiredValue(option).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } names
            ? names
            : throw new ArgumentException($"{option.Name} names nothing.");

    private static NetworkLoops Load(string name) =>
        name.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? NetworkLoopsFile.Read(name) : NetworkLoops.From(NetCatalog.Build(name));

    private static IEnumerable<DeviceClass> WithRules(DeviceClass device, string? rules) =>
        rules is null || device.Accelerator is not Accelerator accelerator
            ? [device]
            : rules.Split(',', StringSplitOptions.TrimEntries).Select(rule => device with
            {
                Id = $"{device.Id}-{rule}",
                Accelerator = accelerator with { Architecture = accelerator.Architecture.With(EnumNames.Parse<MacRule>("--mac-rule", rule)) },
            });

    private static long AtLeastOne(string option, long value) => value >= 1 ? value : throw new ArgumentException($"{option} is {value}: 1 or more is accepted.");

    private static double? Above0(string option, double? value) => value is null or (> 0 and <= 1e9)
        ? value
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: a number above 0 is accepted."));
}
