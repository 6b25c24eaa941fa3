using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Scenario;

/// <summary>Reads the changes of precision out of a device's telemetry. Pure.</summary>
internal static class SwitchHistory
{
    /// <summary>One entry where two neighbouring windows ended at different precisions.</summary>
    /// <param name="samples">Oldest first.</param>
    public static IReadOnlyList<SwitchReport> Of(IReadOnlyList<TelemetrySample> samples)
    {
        List<SwitchReport> switches = [];
        for (int i = 1; i < samples.Count; i++)
        {
            (TelemetrySample before, TelemetrySample after) = (samples[i - 1], samples[i]);
            if (before.Bits != after.Bits)
            {
                string reason = after.Reason.ToString();
                switches.Add(new SwitchReport(after.Ts, before.Bits, after.Bits, char.ToLowerInvariant(reason[0]) + reason[1..], after.BatteryPct));
            }
        }

        return switches;
    }
}
