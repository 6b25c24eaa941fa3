namespace InstantNet.Agent.Sensors;

/// <summary>Several batteries as one. Pure.</summary>
internal static class BatterySum
{
    /// <summary>Sums up those that answer.</summary>
    /// <returns>Null when none does. The charge is weighed by energy where all tell theirs; joules and watts are known only when all tell them.</returns>
    public static BatteryReading? Of(ReadOnlySpan<SupplyReading> supplies)
    {
        int answering = 0;
        bool charging = false;
        double pct = 0;
        double? remaining = 0, full = 0, drawn = 0;
        foreach (SupplyReading supply in supplies)
        {
            if (supply.Fault != SensorFault.None || supply.Said.Pct is not double own)
                continue;
            answering++;
            charging |= supply.Charging;
            pct += own;
            remaining += supply.Said.RemainingJoules;
            full += supply.Said.FullJoules;
            drawn += DrawnWatts(supply);
        }

        if (answering == 0)
            return null;
        double mean = answering > 1 && remaining is double left && full is > 0 and double all ? Math.Clamp(100 * left / all, 0, 100) : pct / answering;
        return new BatteryReading(mean, charging, remaining, drawn);
    }

    /// <summary>Power out of one battery, watts: negative while it is charged, 0 while it rests.</summary>
    public static double? DrawnWatts(in SupplyReading supply) =>
        supply.Said.FlowWatts is not double flow ? null : supply.Discharging ? flow : supply.Charging ? -flow : 0;
}
