using System.Globalization;
using InstantNet.Generation.Mapping;
using InstantNet.Generation.Mapping.Devices;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Controller.Commands;

/// <summary>Prints mapped networks as a table, a line per network, class and precision.</summary>
internal static class MapSearchTable
{
    /// <param name="mappings">What was found.</param>
    /// <param name="took">How long that and writing it to files took.</param>
    public static void Print(IReadOnlyList<NetworkMapping> mappings, TimeSpan took)
    {
        string[] flows = [.. mappings.SelectMany(m => m.Precisions).SelectMany(p => p.Experts).Select(e => e.Flow).Distinct()];
        bool hasFpga = mappings.Any(m => m.Precisions.Any(p => p.Resources is not null));
        Console.WriteLine("EDP in J·s of one frame (energy times frame interval); of the expert flows how much the search saves against each; the bound is proved.");
        Output.Table(
            ["network", "class", "bits", "engines", "energy", "latency", "frames/s", "EDP", "of bound", .. flows, .. hasFpga ? (string[])["DSPs", "BRAM18"] : []],
            mappings.SelectMany(m => m.Precisions.Select(p => Row(m, p, flows, hasFpga))));
        Console.WriteLine($"{mappings.Count} of network and class in {Text(took.TotalSeconds, "F1")} s");
    }

    private static IReadOnlyList<string> Row(NetworkMapping mapping, PrecisionMapping p, string[] flows, bool hasFpga) =>
    [
        mapping.Network, mapping.DeviceClass, Text(p.Precision.Bits, "F0"), Text(p.Engines, "F0"), Energy(p.Searched.EnergyMillijoules),
        Time(p.Searched.LatencyMilliseconds), Text(p.Searched.FramesPerSecond, "G4"), Text(p.Searched.EnergyDelayJouleSeconds, "E3"),
        Text(p.Searched.EnergyDelayJouleSeconds / p.Bound.EnergyDelayJouleSeconds, "F2") + "x",
        .. flows.Select(f => p.Experts.FirstOrDefault(e => e.Flow == f) is FlowCost expert ? Against(p.Searched, expert.Cost) : "does not fit"),
        .. hasFpga ? Use(p.Resources) : [],
    ];

    private static string Against(FrameCost searched, FrameCost expert) =>
        $"{Text(expert.EnergyDelayJouleSeconds, "E2")} {Text(100 * (1 - (searched.EnergyDelayJouleSeconds / expert.EnergyDelayJouleSeconds)), "F1")}%";

    private static string[] Use(FpgaUse? use) => use is null
        ? ["", ""]
        : [Part(use.Dsps, use.Budget.Dsps), Part(use.Bram18Kibits, use.Budget.Bram18Kibits)];

    private static string Part(long used, long budget) => $"{used}/{budget}{(used > budget ? " over" : "")}";

    private static string Energy(double millijoules) => millijoules < 0.1 ? Text(millijoules * 1000, "G4") + " uJ" : Text(millijoules, "G4") + " mJ";

    private static string Time(double milliseconds) => milliseconds < 0.1 ? Text(milliseconds * 1000, "G4") + " us" : Text(milliseconds, "G4") + " ms";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
