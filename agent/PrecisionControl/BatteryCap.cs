using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>Cap on precision by battery level, with hysteresis. Pure; allocates nothing.</summary>
internal static class BatteryCap
{
    /// <summary>Tightest cap of the bands above the level; 32 bits when none applies or there is no battery.</summary>
    /// <param name="bands">Any order.</param>
    /// <param name="pct">Charge, percent; null without a battery.</param>
    /// <param name="marginPct">Percentage points by which every band reaches higher.</param>
    public static Precision At(ReadOnlySpan<BatteryBand> bands, double? pct, double marginPct)
    {
        Precision cap = Precision.Full;
        foreach (BatteryBand band in bands)
        {
            if (pct < band.Below + marginPct && band.Max < cap)
                cap = band.Max;
        }

        return cap;
    }

    /// <summary>The next cap: falls as soon as a band is entered, rises only when the level is <paramref name="marginPct"/> above a band.</summary>
    /// <param name="bands">Any order.</param>
    /// <param name="pct">Charge, percent; null without a battery.</param>
    /// <param name="marginPct">Hysteresis, percentage points.</param>
    /// <param name="inForce">Cap until now.</param>
    public static Precision Next(ReadOnlySpan<BatteryBand> bands, double? pct, double marginPct, Precision inForce)
    {
        Precision strict = At(bands, pct, 0);
        Precision late = At(bands, pct, marginPct);
        if (inForce > strict)
            return strict;
        return inForce < late ? late : inForce;
    }
}
