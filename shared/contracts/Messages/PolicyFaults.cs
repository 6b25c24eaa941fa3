using System.Globalization;

namespace InstantNet.Contracts.Messages;

/// <summary>What is wrong with a policy document: one sentence a fault, with what is accepted. Pure; the one place for these rules.</summary>
internal static class PolicyFaults
{
    private const int MostBands = 16;
    private const double MostSwitches = 6000, MostDwellMs = 3_600_000, MostPct = 50, MostReservePct = 90;

    /// <summary>Every fault.</summary>
    public static IEnumerable<string> Of(PrecisionPolicy policy) =>
    [
        .. Limits(policy), .. Budget(policy.Budget), .. Latency(policy.Slo), .. Battery(policy.Battery), .. Thermal(policy.Thermal), .. Steadiness(policy),
    ];

    private static IEnumerable<string> Limits(PrecisionPolicy policy)
    {
        if (!Enum.IsDefined(policy.Mode))
            yield return $"mode is {(int)policy.Mode}: 'auto' and 'pin' are accepted.";
        if (policy.Mode == PolicyMode.Pin && policy.Pin is null)
            yield return "pin is missing: mode 'pin' needs a precision.";
        if (policy.Mode == PolicyMode.Auto && policy.Pin is { } pin)
            yield return $"pin is {pin} but mode is 'auto': a pin needs mode 'pin'.";
        if (policy.Min > policy.Max)
            yield return $"min ({policy.Min}) is above max ({policy.Max}).";
    }

    private static IEnumerable<string> Budget(EnergyBudget? budget)
    {
        if (budget is null)
            yield break;
        if (budget is { JoulesPerHour: null, LastUntil: null })
            yield return "budget is empty: joulesPerHour or lastUntil is accepted.";
        if (budget is { JoulesPerHour: not null, LastUntil: not null })
            yield return "budget has joulesPerHour and lastUntil: one of the two is accepted.";
        if (budget.JoulesPerHour is { } joules && !IsPositive(joules))
            yield return Wrong("budget.joulesPerHour", joules, "a positive number is accepted");
        if (!(budget.ReservePct is >= 0 and <= MostReservePct))
            yield return Wrong("budget.reservePct", budget.ReservePct, $"0 to {MostReservePct} percent is accepted");
    }

    private static IEnumerable<string> Latency(LatencyObjective? objective)
    {
        if (objective is not null && !IsPositive(objective.P95Ms))
            yield return Wrong("slo.p95Ms", objective.P95Ms, "a positive number is accepted");
    }

    private static IEnumerable<string> Battery(IReadOnlyList<BatteryBand>? bands)
    {
        if (bands is null)
            yield break;
        if (bands.Count > MostBands)
            yield return $"battery has {bands.Count} bands: up to {MostBands} are accepted.";
        for (int i = 0; i < bands.Count; i++)
        {
            if (bands[i] is not { } band)
                yield return $"battery[{i}] is null: a band with below and max is accepted.";
            else if (!(band.Below is > 0 and <= 100))
                yield return Wrong($"battery[{i}].below", band.Below, "above 0 to 100 percent is accepted");
            else if (bands.Take(i).Any(b => b?.Below == band.Below))
                yield return Wrong($"battery[{i}].below", band.Below, "another band has it too; each level once is accepted");
        }
    }

    private static IEnumerable<string> Thermal(ThermalCaps? caps)
    {
        if (caps is null)
            yield break;
        if (caps.Bands is not { Count: > 0 and <= MostBands })
        {
            yield return $"thermal.bands is empty or longer than {MostBands}: 1 to {MostBands} bands with above and max are accepted.";
            yield break;
        }

        for (int i = 0; i < caps.Bands.Count; i++)
        {
            if (caps.Bands[i] is not { } band)
                yield return $"thermal.bands[{i}] is null: a band with above and max is accepted.";
            else if (!(band.Above is >= -50 and <= 200))
                yield return Wrong($"thermal.bands[{i}].above", band.Above, "-50 to 200 degrees Celsius is accepted");
        }

        if (!(caps.MarginC is >= 0 and <= MostPct))
            yield return Wrong("thermal.marginC", caps.MarginC, $"0 to {MostPct} is accepted");
    }

    private static IEnumerable<string> Steadiness(PrecisionPolicy policy)
    {
        if (policy.Hysteresis is { } band && !(band.Pct is >= 0 and <= MostPct))
            yield return Wrong("hysteresis.pct", band.Pct, $"0 to {MostPct} is accepted");
        if (policy.Hysteresis is { DwellMs: < 0 or > (int)MostDwellMs } dwell)
            yield return Wrong("hysteresis.dwellMs", dwell.DwellMs, $"0 to {MostDwellMs} is accepted");
        if (policy.MaxSwitchesPerMinute is < 1 or > (int)MostSwitches)
            yield return Wrong("maxSwitchesPerMinute", policy.MaxSwitchesPerMinute, $"1 to {MostSwitches} is accepted");
    }

    private static bool IsPositive(double value) => double.IsFinite(value) && value > 0;

    private static string Wrong(string member, double value, string accepted) =>
        string.Create(CultureInfo.InvariantCulture, $"{member} is {value}: {accepted}.");
}
