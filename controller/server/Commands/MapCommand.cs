using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Networks;

namespace InstantNet.Controller.Commands;

/// <summary><c>map</c>: searches dataflows, checks the cost model.</summary>
internal static class MapCommand
{
    /// <summary>The verb.</summary>
    public static Command Create() => new("map", "Search device-specific dataflows; check the cost model.") { Cost(), Search(), Classes() };

    private static Command Cost()
    {
        Option<FileInfo> rows = new("--rows") { Description = "File of reference rows (archs, mappings, expected counts, cycles, energies).", Required = true };
        Option<bool> json = new("--json") { Description = "Print the result as JSON." };
        Command command = new("cost", "Cost reference mappings and compare with the expected figures; code 0 only if every row is exact.") { rows, json };
        command.SetAction(parsed =>
        {
            RowsReport report = RowsCheck.Run(parsed.GetRequiredValue(rows).FullName);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(report, MappingJsonContext.Default.RowsReport));
                return report.IsExact ? 0 : 1;
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"rows checked {report.RowsChecked}, exact {report.RowsExact}, largest relative error {report.LargestRelativeError:G3}"));
            foreach (string mismatch in report.Mismatches)
                Console.WriteLine($"  {mismatch}");
            return report.IsExact ? 0 : 1;
        });
        return command;
    }

    private static Command Search()
    {
        Option<string> net = new("--net") { Description = $"Network: {string.Join(", ", NetCatalog.Names)}.", DefaultValueFactory = _ => NetCatalog.Names[0] };
        Option<string> device = new("--class") { Description = $"Device class ({string.Join(", ", DeviceClasses.BuiltIn)}) or a .json file that describes one.", Required = true };
        Option<string> bits = new("--bits") { Description = "Bit-widths, separated by commas.", DefaultValueFactory = _ => "4,8,32" };
        Option<long> evaluations = new("--evaluations") { Description = "Mappings costed per distinct layer, precision and flow.", DefaultValueFactory = _ => new MapOptions().EvaluationsPerLayer };
        Option<long> seed = new("--seed") { Description = "Of the search; same seed, same answer.", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print every layer's dataflow as JSON." };
        Command command = new("search", "Search the dataflows of a network on a device class, beside the row-stationary expert flow.") { net, device, bits, evaluations, seed, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            long budget = parsed.GetValue(evaluations);
            if (budget < 1)
                throw new ArgumentException($"--evaluations is {budget}: 1 or more is accepted.");
            NetSpec spec = NetCatalog.Build(parsed.GetRequiredValue(net));
            NetworkMapping mapping = NetworkMapper.Map(
                spec, DeviceClasses.Load(parsed.GetRequiredValue(device)), BitWidths.Parse(parsed.GetRequiredValue(bits)), new MapOptions { Seed = parsed.GetValue(seed), EvaluationsPerLayer = budget },
                new MapProgressPrinter(ProgressLine.Console), cancellationToken);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(mapping, MappingJsonContext.Default.NetworkMapping));
            else
                Print(mapping);
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command Classes()
    {
        Command command = new("classes", "List the built-in device classes.");
        command.SetAction(_ =>
        {
            foreach (string id in DeviceClasses.BuiltIn)
                Console.WriteLine($"{id,-16} {DeviceClasses.Load(id).Description}");
        });
        return command;
    }

    private static void Print(NetworkMapping mapping)
    {
        Console.WriteLine($"{mapping.Network} on {mapping.DeviceClass}, seed {mapping.Seed}; a frame costs");
        Console.WriteLine($"{"bits",6} {"energy uJ",12} {"latency us",12} {"EDP J s",12} {"row-stationary",15} {"saved",8} {"of the bound",13}");
        foreach (PrecisionMapping p in mapping.Precisions)
        {
            double edp = p.Searched.EnergyDelayJouleSeconds, expert = p.BestExpert().Cost.EnergyDelayJouleSeconds, bound = p.Bound.EnergyDelayJouleSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{p.Precision.Bits,6} {p.Searched.EnergyMillijoules * 1000,12:F2} {p.Searched.LatencyMilliseconds * 1000,12:F1} {edp,12:G4} {expert,15:G4} {1 - edp / expert,8:P1} {edp / bound,12:F2}x"));
        }
    }
}
