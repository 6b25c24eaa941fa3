using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Generation.Export;
using InstantNet.Generation.Runs;

namespace InstantNet.Controller.Scenario;

/// <summary>What the scenario promises, judged on what was measured. Pure.</summary>
internal static class ScenarioClaims
{
    private const double MinFloatAccuracy = 0.87, MaxPointsLostAt8 = 0.5, MaxPointsLostAt4 = 2;
    private const int WholeTrain = 60_000, WholeTest = 10_000, MinBatterySwitches = 3;

    /// <summary>Judges a run.</summary>
    /// <param name="run">What was trained.</param>
    /// <param name="mappings">What was mapped.</param>
    /// <param name="devices">What the devices did.</param>
    /// <param name="secondsToAllCommitted">Of the rollout.</param>
    /// <param name="quick">Leaves out what only a whole training can keep.</param>
    public static IReadOnlyList<Claim> Judge(
        RunReport run, IReadOnlyList<MappingReport> mappings, IReadOnlyList<DeviceReport> devices, double secondsToAllCommitted, bool quick)
    {
        List<Claim> claims = [];
        if (!quick)
        {
            claims.Add(new Claim(
                "The whole data set was used", (run.Dataset.Train, run.Dataset.Test) == (WholeTrain, WholeTest),
                $"{run.Dataset.Train} training and {run.Dataset.Test} test images", $"{WholeTrain} and {WholeTest}"));
            claims.AddRange(Accuracy(run));
        }

        foreach (VariantReport variant in run.Variants)
        {
            claims.Add(new Claim(
                $"The {variant.Bits} file computes what was trained", Math.Abs(variant.ParityPoints) <= ParityCheck.AllowedPoints + 1e-9,
                Points(variant.ParityPoints), $"at most {ParityCheck.AllowedPoints} points either way"));
        }

        foreach (MappingReport mapping in mappings)
        {
            claims.AddRange(mapping.Precisions.Select(p => new Claim(
                $"{mapping.DeviceClass} at {p.Bits}: the searched dataflow is no worse than the best expert flow", p.EdpJs <= p.ExpertEdpJs,
                string.Create(CultureInfo.InvariantCulture, $"{p.EdpJs:G4} J·s"), string.Create(CultureInfo.InvariantCulture, $"{p.ExpertEdpJs:G4} J·s"))));
        }

        claims.Add(new Claim(
            "Every device verified, tried and committed the release", devices.All(d => d.State == "Committed"),
            string.Join(", ", devices.Select(d => $"{d.Id} {d.State}")) + string.Create(CultureInfo.InvariantCulture, $" after {secondsToAllCommitted:F1} s"), "all Committed"));
        int battery = devices.Sum(d => d.Switches.Count(s => s.Reason == "battery"));
        claims.Add(new Claim("Devices switched precision because of their battery", battery >= MinBatterySwitches, $"{battery} switches", $"at least {MinBatterySwitches}"));
        long dropped = devices.Sum(d => d.FramesDropped), done = devices.Sum(d => d.FramesDone);
        claims.Add(new Claim("No frame was dropped", dropped == 0 && done > 0, $"{dropped} of {done + dropped}", "0"));
        claims.AddRange(devices.Select(d => new Claim(
            $"{d.Id}: every telemetry sample was stored exactly once", d.SamplesProduced == d.SamplesStored && d.SamplesStored > 0,
            $"{d.SamplesStored} stored, {d.Late} of them late", $"{d.SamplesProduced} produced")));
        claims.AddRange(devices.Where(d => d.Fate == nameof(Fate.CutOff)).Select(d => new Claim(
            $"{d.Id}: kept working and kept its telemetry while cut off", d.Late > 0, $"{d.Late} samples waited on its disk", "at least 1")));
        claims.AddRange(devices.Where(d => d.Fate == nameof(Fate.KilledInDownload)).Select(d => new Claim(
            $"{d.Id}: killed in its download, it went on after its restart", d.Starts == 2 && d.State == "Committed", $"{d.Starts} starts, {d.State}", "2 starts, Committed")));
        return claims;
    }

    private static IEnumerable<Claim> Accuracy(RunReport run)
    {
        VariantReport? full = run.Variants.FirstOrDefault(v => v.Bits.IsFloat);
        if (full is null)
            yield break;
        yield return new Claim("32-bit accuracy on the test images", full.Accuracy >= MinFloatAccuracy, Percent(full.Accuracy), $"at least {Percent(MinFloatAccuracy)}");
        foreach ((int bits, double limit) in new[] { (8, MaxPointsLostAt8), (4, MaxPointsLostAt4) })
        {
            if (run.Variants.FirstOrDefault(v => v.Bits == new Precision(bits)) is { } variant)
            {
                double lost = (full.Accuracy - variant.Accuracy) * 100;
                yield return new Claim($"{variant.Bits} accuracy stays near", lost <= limit + 1e-9, $"{Percent(variant.Accuracy)}, {Points(-lost)}", $"within {limit} points");
            }
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F2} %");

    private static string Points(double points) => string.Create(CultureInfo.InvariantCulture, $"{points:+0.00;-0.00;0.00} points");
}
