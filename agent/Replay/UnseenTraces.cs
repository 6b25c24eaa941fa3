using InstantNet.Agent.PrecisionControl;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Replay;

/// <summary>A trace that nobody has looked at, with variants and a policy to play it with.</summary>
/// <param name="Trace">Its name is family and seed.</param>
/// <param name="Variants">Fewest bits first.</param>
/// <param name="Policy">Lasts until the end of the trace.</param>
internal sealed record UnseenCase(Trace Trace, VariantCost[] Variants, PrecisionPolicy Policy);

/// <summary>Families of traces from a seed: other days, loads, weather, batteries and variants than the six examples have. The same seed makes the same case
/// on every machine.</summary>
/// <remarks>
/// What the battery holds and what comes from outside is scaled so that a frame can have, on average, something between the least and the most hungry
/// variant: else there is nothing to decide. Seeds below <see cref="FirstHeldOut"/> may be used to settle constants of the forecast, those from it on never.
/// </remarks>
internal static class UnseenTraces
{
    /// <summary>First seed that is not for tuning.</summary>
    public const int FirstHeldOut = 9001;

    private const int Minute = 60, Hour = 3600, Day = 86_400, Step = 10 * Minute;
    private const double MillijoulesPerJoule = 1000;
    private static readonly string[] Families = ["drain", "sawtooth", "solar", "bursts", "cold", "gauge"];
    private static readonly int[] BitWidths = [2, 3, 4, 5, 6, 8, 12, 16, 32];

    /// <summary>Makes the case of a seed.</summary>
    /// <param name="seed">From 1; six in a row are of six families.</param>
    /// <param name="given">Variants to play with, fewest bits first; null for made-up ones.</param>
    public static UnseenCase Make(int seed, VariantCost[]? given)
    {
        Random random = new(seed);
        string family = Families[seed % Families.Length];
        VariantCost[] variants = given ?? Variants(random);
        DateTimeOffset start = new DateTimeOffset(2026, 1 + random.Next(12), 1 + random.Next(28), 0, 0, 0, TimeSpan.Zero).AddMinutes(Step / Minute * random.Next(Day / Step));
        int days = random.Next(1, 4);
        TraceRow[] rows = Surroundings(family, random, days * Day / Step, start.TimeOfDay.TotalSeconds, variants);
        PrecisionPolicy policy = new(
            Budget: new EnergyBudget(LastUntil: new LastUntil(start.AddDays(days))),
            Slo: new LatencyObjective(variants.Max(v => v.LatencyMs) * Uniform(random, 1.2, 4)),
            Hysteresis: new HysteresisBand(3, 5000), MaxSwitchesPerMinute: random.Next(2, 13));
        return new UnseenCase(Scaled($"{family}-{seed}", start, random, rows, variants, policy.Budget!.ReservePct), variants, policy);
    }

    private static VariantCost[] Variants(Random random)
    {
        int[] bits = [.. BitWidths.OrderBy(_ => random.Next()).Take(random.Next(2, 6)).Order()];
        double energy = LogUniform(random, 5, 40), latency = LogUniform(random, 3, 20), accuracy = Uniform(random, 0.55, 0.85), most = Uniform(random, 0.88, 0.97);
        List<VariantCost> variants = [];
        foreach (int width in bits)
        {
            variants.Add(new VariantCost(new Precision(width), accuracy, latency, energy));
            double growth = Uniform(random, 1.3, 3);
            (energy, latency) = (energy * growth, latency * Math.Pow(growth, Uniform(random, 0.7, 1.2)));
            accuracy += (most - accuracy) * Uniform(random, 0.2, 0.7);
        }

        return [.. variants];
    }

    /// <summary>Load and weather; harvest has its shape only.</summary>
    private static TraceRow[] Surroundings(string family, Random random, int count, double startSecond, VariantCost[] variants)
    {
        double load = LogUniform(random, 0.3, 3), cloud = 1, idle = Uniform(random, 0.1, 1) * load * variants[0].EnergyMj / MillijoulesPerJoule;
        double burst = Uniform(random, 3, 8), calm = Uniform(random, 10, 25), chill = Uniform(random, 0.5, 1.5), noise = Uniform(random, 0, 3);
        int period = random.Next(3, 13) * Hour, length = random.Next(1, 3) * Hour, phase = random.Next(Day / Step) * Step, sunrise = random.Next(4, 9) * Hour;
        double regular = random.Next(2);
        bool[] bursts = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.04)];
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double second = (startSecond + (double)i * Step) % Day, wander = 1 + 0.2 * (random.NextDouble() - 0.5);
            cloud = Math.Clamp(cloud + 0.4 * (random.NextDouble() - 0.5), 0.2, 1);
            double cold = family == "cold" ? chill * Math.Max(0, Math.Sin(2 * Math.PI * (second - phase) / Day)) : 0;
            bool busy = family == "bursts" && (regular > 0 ? (second + phase) % period < length : Enumerable.Range(Math.Max(0, i - 5), 6).Any(j => j <= i && bursts[j]));
            double harvest = family switch
            {
                "solar" => cloud * Math.Max(0, Math.Sin(Math.PI * (second - sunrise) / (Day - 2.0 * sunrise + 2 * Hour))) * (second > sunrise && second < Day - sunrise + 2 * Hour ? 1 : 0),
                "sawtooth" => (second + phase) % period / period,
                _ => 0,
            };
            return new TraceRow(
                Step, load * wander * (busy ? burst : 1), harvest, idle, GaugeOf(family, random, i), noise * (2 * random.NextDouble() - 1),
                family == "cold" ? calm - 30 * cold : null, 1 - 0.15 * Math.Min(1, cold), 1 - 0.25 * Math.Min(1, cold));
        })];
    }

    private static TraceGauge GaugeOf(string family, Random random, int row) => family == "gauge" && row > 6
        ? random.Next(10) switch { 0 => new TraceGauge(false, null), 1 => new TraceGauge(true, random.Next(100)), _ => new TraceGauge(true, null) }
        : new TraceGauge(true, null);

    /// <summary>Gives battery and harvest the size at which a frame can have some energy between the extremes.</summary>
    private static Trace Scaled(string name, DateTimeOffset start, Random random, TraceRow[] rows, VariantCost[] variants, double reservePct)
    {
        double least = variants.Min(v => v.EnergyMj) * 1.1, most = Math.Max(least * 1.05, variants.Max(v => v.EnergyMj) * 0.95);
        double perFrame = LogUniform(random, least, most) / MillijoulesPerJoule;
        double need = rows.Sum(r => r.Seconds * (r.BaseWatts + r.FramesPerSecond * perFrame) / r.Efficiency), shape = rows.Sum(r => r.Seconds * r.HarvestWatts);
        double outside = shape > 0 ? Uniform(random, 0.3, 0.8) : 0, startPct = Math.Round(Uniform(random, 50, 100));
        double capacity = need * (1 - outside) / ((startPct - reservePct) / 100);
        return new Trace(name, start, startPct, capacity, [.. rows.Select(r => r with
        {
            HarvestWatts = shape > 0 ? r.HarvestWatts * outside * need / shape : 0,
            CapacityJoules = capacity * r.CapacityJoules,
        })]);
    }

    private static double Uniform(Random random, double from, double to) => from + (to - from) * random.NextDouble();

    private static double LogUniform(Random random, double from, double to) => from * Math.Pow(to / from, random.NextDouble());
}
