using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Generation.Datasets;

namespace InstantNet.Bench.Mapper;

/// <summary><c>bench mapper</c>: mappings costed per second, bytes, scaling to two cores.</summary>
internal static class MapperCommand
{
    public static Command Create()
    {
        Option<double> seconds = new("--seconds") { Description = "Time of each measurement, after a warm-up of a fifth.", DefaultValueFactory = _ => 1 };
        Option<FileInfo?> json = new("--json") { Description = "Also write the result there as JSON.", HelpName = "FILE" };
        Command command = new("mapper", "Cost mappings of ResNet-18, VGG-16 and MobileNetV2 layers as Timeloop would.") { seconds, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            double span = parsed.GetValue(seconds);
            if (span is not (>= 0.01 and <= 600))
            {
                Console.Error.WriteLine(FormattableString.Invariant($"--seconds is {span}: 0.01 to 600 are accepted."));
                return Task.FromResult(2);
            }

            MapperResult result = new MapperBench(TimeSpan.FromSeconds(span), TimeProvider.System).Run(cancellationToken);
            Print(result);
            if (parsed.GetValue(json) is FileInfo file)
                AtomicFile.Write(file.FullName, s => JsonSerializer.Serialize(s, result, MapperJson.Default.MapperResult));
            ByteBudgets budgets = ByteBudgets.Load();
            string[] faults = [.. new[] { budgets.Fault("mapper/cost", result.BytesPerCosting), budgets.Fault("mapper/reorder", result.BytesPerReordering) }.OfType<string>()];
            foreach (string fault in faults)
                Console.Error.WriteLine(fault);
            return Task.FromResult(faults.Length == 0 ? 0 : 1);
        });
        return command;
    }

    private static void Print(MapperResult result)
    {
        Console.WriteLine($"{result.Machine}; arch eyeriss168, 16-bit words, Timeloop's accounting; one thread unless said otherwise");
        foreach (NetRate net in result.Nets)
            Console.WriteLine($"{net.Net,-13} {net.Layers,3} layers   costed {Rate(net.Costed)}   one level reordered {Rate(net.Reordered)}   searched {Rate(net.Searched)}");
        Console.WriteLine($"all           costed {Rate(result.Costed)}, {Number(result.Costed / MapperBench.TimeloopFastest, "F0")} to {Number(result.Costed / MapperBench.TimeloopSlowest, "F0")} times Timeloop's mapper ({MapperBench.TimeloopSlowest} to {MapperBench.TimeloopFastest}/s)");
        Console.WriteLine($"two threads   costed {Rate(result.CostedOnTwo)}, {Number(result.CostedOnTwo / result.Costed, "F2")} times one");
        Console.WriteLine($"bytes         {Number(result.BytesPerCosting, "F1")} per mapping costed, {Number(result.BytesPerReordering, "F1")} per level reordered");
    }

    private static string Rate(double perSecond) => $"{perSecond.ToString("N0", CultureInfo.InvariantCulture),10}/s";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
