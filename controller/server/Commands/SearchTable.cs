using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Generation.Search;

namespace InstantNet.Controller.Commands;

/// <summary>Prints what searches found.</summary>
internal static class SearchTable
{
    /// <summary>A row for each method, then the network of each.</summary>
    public static void Print(SearchReport report)
    {
        SearchSetting setting = report.Setting;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{setting.Dataset}, quantiser {setting.Quantizer}: accuracy in % on {setting.TestImages} test images after {setting.TrainSteps} steps of cascade distillation from scratch, the same for all"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"target {setting.Cost} {setting.Target.Low:G4} to {setting.Target.High:G4} {setting.CostUnit}; networks of the space cost {setting.CheapestCost:G4} to {setting.DearestCost:G4}"));
        Output.Table(
            ["method", "steps", "search s", setting.Cost, "in band", "multiply-accumulates", "changed", "train s", .. setting.Bits.Select(b => b.ToString())],
            report.Methods.Select(m => Row(m, setting)));
        foreach (MethodReport method in report.Methods)
        {
            if (method.Search is { } found)
                Console.WriteLine($"{method.Method}: {string.Join(' ', found.Network.Choices)}");
            if (method.Failure is not null)
                Console.WriteLine($"{method.Method}: {method.Failure}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:F0} s of {setting.BudgetSeconds:F0} s in all."));
    }

    private static string[] Row(MethodReport method, SearchSetting setting)
    {
        DerivedNetwork? found = method.Search;
        return
        [
            method.Method, Number(method.SearchSteps, "F0"), Number(method.SearchSeconds, "F0"), Number(found?.Cost, "G4"),
            found is null ? "-" : found.IsInBand ? "yes" : "no", Number(found?.MultiplyAccumulates, "F0"), Number(found?.Changes, "F0"),
            Number(method.TrainSeconds, "F0"), .. setting.Bits.Select(b => Accuracy(method, b)),
        ];
    }

    private static string Accuracy(MethodReport method, Precision bits) =>
        Number(100 * method.Accuracy.FirstOrDefault(a => a.Bits == bits)?.Accuracy, "F2");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
