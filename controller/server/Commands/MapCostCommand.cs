using System.CommandLine;
using System.Globalization;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Timeloop;

namespace InstantNet.Controller.Commands;

/// <summary><c>map cost</c>: what mappings cost, and whether the model agrees with reference rows.</summary>
internal static class MapCostCommand
{
    public static Command Create()
    {
        Option<FileInfo> rows = new("--rows") { Description = "File of reference rows (archs, mappings, expected counts, cycles, energies).", Required = true };
        JsonTarget json = JsonTarget.Create();
        Command command = new("cost", "Cost reference mappings and compare with the expected figures; code 0 only if every row is exact.") { rows, json.Option };
        command.SetAction(parsed =>
        {
            RowsReport report = RowsCheck.Run(parsed.GetRequiredValue(rows).FullName);
            if (json.Write(parsed, report, MappingJsonContext.Default.RowsReport))
                Print(report);
            return report.IsExact ? CommandLine.Done : CommandLine.Failed;
        });
        return command;
    }

    private static void Print(RowsReport report)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"rows checked {report.RowsChecked}, exact {report.RowsExact}, largest relative error {report.LargestRelativeError:G3}"));
        foreach (string mismatch in report.Mismatches)
            Console.WriteLine($"  {mismatch}");
    }
}
