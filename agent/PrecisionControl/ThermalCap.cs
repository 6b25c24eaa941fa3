using InstantNet.Contracts;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.PrecisionControl;

/// <summary>Cap on precision by temperature, with hysteresis. Pure; allocates nothing.</summary>
internal static class ThermalCap
{
    /// <summary>The next cap: falls as soon as a band is entered, rises only <paramref name="marginC"/> degrees below it.</summary>
    /// <param name="bands">Any order.</param>
    /// <param name="celsius">Temperature; null or NaN keeps the cap in force, so that a sensor that fails in the heat lifts nothing.</param>
    /// <param name="marginC">Hysteresis, degrees.</param>
    /// <param name="inForce">Cap until now.</param>
    public static Precision Next(ReadOnlySpan<ThermalBand> bands, double? celsius, double marginC, Precision inForce)
    {
        if (celsius is not { } now || double.IsNaN(now))
            return bands.IsEmpty ? Precision.Full : inForce;
        Precision strict = At(bands, now), late = At(bands, now + marginC);
        if (inForce > strict)
            return strict;
        return inForce < late ? late : inForce;
    }

    private static Precision At(ReadOnlySpan<ThermalBand> bands, double celsius)
    {
        Precision cap = Precision.Full;
        foreach (ThermalBand band in bands)
        {
            if (celsius > band.Above && band.Max < cap)
                cap = band.Max;
        }

        return cap;
    }
}
