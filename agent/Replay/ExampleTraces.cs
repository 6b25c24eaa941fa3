using System.Globalization;
using System.Text;

namespace InstantNet.Agent.Replay;

/// <summary>Six traces made by arithmetic and a seed: the same text on every machine. Three days or less, a frame a second and more.</summary>
internal static class ExampleTraces
{
    private const int Minute = 60, Hour = 3600, Day = 86_400;

    /// <summary>Name and CSV text of each.</summary>
    /// <param name="seed">Of the noise.</param>
    public static IEnumerable<(string Name, string Text)> All(int seed)
    {
        yield return ("steady-drain", Make(9000, 100, Day, 10 * Minute, "frames_per_second,base_w", _ => "2,0.03"));
        yield return ("sawtooth-noise", Make(5000, 60, Day, 5 * Minute, "frames_per_second,harvest_w,base_w,gauge_error_pct", SawTooth(new Random(seed))));
        yield return ("solar-day", Make(8000, 70, 3 * Day, 10 * Minute, "frames_per_second,harvest_w,base_w,gauge_error_pct", Solar(new Random(seed + 1))));
        yield return ("load-burst", Make(9000, 100, Day, 5 * Minute, "frames_per_second,base_w", Burst));
        yield return ("cold-battery", Make(10_000, 100, Day, 10 * Minute, "frames_per_second,base_w,celsius,capacity_j,efficiency", Cold));
        yield return ("lying-gauge", Make(9000, 100, Day, Minute, "frames_per_second,base_w,gauge,gauge_error_pct", Lying(new Random(seed + 2))));
    }

    private static string Make(double capacity, double startPct, int seconds, int step, string columns, Func<int, string> row)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# capacity_j = {capacity}\n# start_pct = {startPct}\n# start = 2026-06-01T00:00:00Z\nseconds,{columns}\n");
        for (int second = 0; second <= seconds; second += step)
            text.Append(CultureInfo.InvariantCulture, $"{second},{row(second)}\n");
        return text.ToString();
    }

    private static Func<int, string> SawTooth(Random random) => second =>
        Cells(2, 0.12 * (second % (2 * Hour)) / (2 * Hour), 0.03, 4 * random.NextDouble() - 2);

    private static Func<int, string> Solar(Random random)
    {
        double cloud = 1;
        return second =>
        {
            cloud = Math.Clamp(cloud + 0.3 * (random.NextDouble() - 0.5), 0.3, 1);
            double sun = Math.Max(0, Math.Sin(2 * Math.PI * (second % Day - 6 * Hour) / Day));
            return Cells(2, 0.35 * cloud * sun, 0.02, 2 * random.NextDouble() - 1);
        };
    }

    private static string Burst(int second) => Cells(second % (6 * Hour) >= 5 * Hour ? 8 : 1, 0.03);

    private static string Cold(int second)
    {
        double cold = Math.Max(0, Math.Sin(2 * Math.PI * second / Day));
        return Cells(2, 0.02, 15 - 30 * cold, 10_000 * (1 - 0.15 * cold), 1 - 0.25 * cold);
    }

    private static Func<int, string> Lying(Random random) => second =>
    {
        string error = Number(6 * random.NextDouble() - 3);
        return (second / Hour % 8, second % Hour) switch
        {
            (3, _) => $"2,0.03,absent,{error}",
            (5, _) => $"2,0.03,55,0",
            (6, < 4 * Minute) => "2,0.03,,-40",
            _ => $"2,0.03,,{error}",
        };
    };

    private static string Cells(params double[] values) => string.Join(',', values.Select(Number));

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
