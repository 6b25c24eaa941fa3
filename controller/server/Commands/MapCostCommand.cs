using System.CommandLine;
using System.Globalization;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Accounting;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Exports;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Controller.Commands;

/// <summary><c>map cost</c>: what dataflows cost, and whether the model agrees with reference rows.</summary>
internal static class MapCostCommand
{
    public static Command Create()
    {
        Option<FileInfo?> rows = new("--rows") { Description = "Reference rows (archs, mappings, expected counts, cycles, energies): code 0 only if every row is exact.", HelpName = "FILE" };
        Option<FileInfo?> mapping = new("--mapping") { Description = "A dataflow document, or an array of them: what each layer costs and where that goes.", HelpName = "FILE" };
        Option<string?> device = new("--class") { Description = "Device class or a .json file that describes one; without it, the class that the document names.", HelpName = "ID|FILE" };
        Option<PhysicalEffects> effects = new("--effects")
        {
            Description = $"Accounting of --mapping: timeloop, physical, or effects separated by commas ({string.Join(", ", EnumNames.Of<PhysicalEffects>())}).",
            HelpName = "LIST",
            DefaultValueFactory = _ => PhysicalEffects.NetworkDeliveries,
            CustomParser = result => EnumNames.ParseEffects("--effects", result),
        };
        JsonTarget json = JsonTarget.Create();
        Command command = new("cost", "Cost dataflows; compare the model with reference rows.") { rows, mapping, device, effects, json.Option };
        command.SetAction(parsed => (parsed.GetValue(rows), parsed.GetValue(mapping)) switch
        {
            (FileInfo file, null) => Rows(parsed, file, json),
            (null, FileInfo file) => Mapping(parsed, file, parsed.GetValue(device), parsed.GetValue(effects), json),
            _ => throw new ArgumentException("map cost takes either --rows FILE or --mapping FILE."),
        });
        return command;
    }

    private static int Rows(ParseResult parsed, FileInfo file, JsonTarget json)
    {
        RowsReport report = RowsCheck.Run(file.FullName);
        if (json.Write(parsed, report, MappingJsonContext.Default.RowsReport))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"rows checked {report.RowsChecked}, exact {report.RowsExact}, largest relative error {report.LargestRelativeError:G3}"));
            foreach (string mismatch in report.Mismatches)
                Console.WriteLine($"  {mismatch}");
        }

        return report.IsExact ? CommandLine.Done : CommandLine.Failed;
    }

    private static int Mapping(ParseResult parsed, FileInfo file, string? device, PhysicalEffects effects, JsonTarget json)
    {
        DeviceClass? chosen = device is null ? null : DeviceClasses.Load(device);
        List<CostedDataflow> costed = [.. DataflowFile.Read(file.ToString()).Select(d => CostedDataflow.Of(d, chosen, effects))];
        if (json.Write(parsed, costed, MappingJsonContext.Default.IReadOnlyListCostedDataflow))
        {
            Output.Table(
                ["layer", "bits", "energy pJ", "cycles", "pJ·cycles", "of bound", "utilization", "limited by", "MAC pJ", .. costed[0].Breakdown.Levels.Select(l => $"{l.Level} pJ")],
                costed.Select(Row));
        }

        return CommandLine.Done;
    }

    private static IReadOnlyList<string> Row(CostedDataflow c) =>
    [
        c.Layer, Text(c.Precision.Bits, "F0"), Text(c.Cost.EnergyPicojoules, "F0"), Text(c.Cost.Cycles, "F0"), Text(c.Cost.EnergyDelay, "E4"),
        Text(c.Cost.EnergyDelay / c.Bound.EnergyDelay, "F3"), Text(c.Utilization, "F3"), c.LimitedBy, Text(c.Breakdown.MacPicojoules, "F0"),
        .. c.Breakdown.Levels.Select(l => Text(l.WeightsPicojoules + l.InputsPicojoules + l.OutputsPicojoules + l.NetworkPicojoules, "F0")),
    ];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
