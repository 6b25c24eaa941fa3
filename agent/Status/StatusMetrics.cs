using System.Globalization;
using System.Text;
using InstantNet.Agent.Sensors;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Status;

/// <summary>The status as Prometheus text.</summary>
/// <remarks>Source: Prometheus exposition formats, text format 0.0.4.</remarks>
internal static class StatusMetrics
{
    private const double NanosecondsPerSecond = 1e9;
    private const double BytesPerMebibyte = 1024 * 1024;

    /// <summary>Writes every figure that is known.</summary>
    /// <param name="status">Of the agent.</param>
    /// <param name="sensors">Of the device.</param>
    public static string Write(AgentStatus status, IReadOnlyList<SensorLine> sensors)
    {
        StringBuilder text = new();
        Gauge(text, "instantnet_agent_connected", "1 while the broker is reached.", status.Connected ? 1 : 0);
        Counter(text, "instantnet_agent_connection_attempts_total", "Connection attempts since installation.", status.Epoch);
        Counter(text, "instantnet_agent_starts_total", "Starts since installation.", status.Boot);
        Counter(text, "instantnet_agent_frames_total", "Frames answered.", status.Frames.Done);
        Counter(text, "instantnet_agent_frames_dropped_total", "Frames due but not run.", status.Frames.Dropped);
        Counter(text, "instantnet_agent_precision_switches_total", "Changes of precision.", status.Switches);
        Counter(text, "instantnet_agent_spool_samples_produced_total", "Telemetry samples written to disk.", status.Spool.Produced);
        Counter(text, "instantnet_agent_spool_samples_acknowledged_total", "Telemetry samples the broker took.", status.Spool.Acknowledged);
        Counter(text, "instantnet_agent_spool_samples_dropped_total", "Telemetry samples lost because the spool was full.", status.Spool.Dropped);
        Gauge(text, "instantnet_agent_spool_pending_batches", "Batches that wait.", status.Spool.PendingBatches);
        Gauge(text, "instantnet_agent_decision_p99_seconds", "99th percentile of a precision decision.", status.DecisionNs.P99 / NanosecondsPerSecond);
        Gauge(text, "instantnet_agent_switch_p99_seconds", "99th percentile of a precision switch.", status.SwitchNs.P99 / NanosecondsPerSecond);
        Gauge(text, "instantnet_agent_resident_memory_bytes", "Resident memory.", status.RssMb * BytesPerMebibyte);
        if (status.Battery is { } battery)
        {
            Gauge(text, "instantnet_agent_battery_ratio", "Charge.", battery.Pct / 100);
            Gauge(text, "instantnet_agent_battery_charging", "1 while charging.", battery.Charging ? 1 : 0);
            if (battery.RemainingJoules is double joules)
                Gauge(text, "instantnet_agent_battery_energy_joules", "Energy left.", joules);
            if (battery.Watts is double watts)
                Gauge(text, "instantnet_agent_battery_power_watts", "Power out of the battery; negative while charging.", watts);
        }

        if (status.Energy is { } energy)
        {
            Header(text, "instantnet_agent_meter_info", "Meter of the energy figures, and why a sensor is not used.", "gauge");
            Sample(text, "instantnet_agent_meter_info" + Labels(("meter", energy.Meter), ("source", Word(energy.Source)), ("silent", energy.Silent ?? "")), 1);
            Gauge(text, "instantnet_agent_idle_watts", "Power of the device without inference.", energy.IdleMw / 1000);
        }

        Sensors(text, sensors);
        if (status.Serving is { } serving)
        {
            Gauge(text, "instantnet_agent_precision_bits", "Precision in use.", serving.Precision.Bits.Bits);
            Gauge(text, "instantnet_agent_release_revision", "Revision that serves.", serving.Revision);
            Header(text, "instantnet_agent_variant_latency_p95_seconds", "95th percentile of a frame's latency.", "gauge");
            foreach (MeasuredVariant variant in serving.Measured)
                Sample(text, "instantnet_agent_variant_latency_p95_seconds" + Labels(variant, variant.LatencySource), variant.LatencyMs / 1000);
            Header(text, "instantnet_agent_variant_energy_joules", "Mean energy of a frame.", "gauge");
            foreach (MeasuredVariant variant in serving.Measured)
                Sample(text, "instantnet_agent_variant_energy_joules" + Labels(variant, variant.EnergySource), variant.EnergyMj / 1000);
        }

        return text.ToString();
    }

    // All samples of a metric must stand together.
    private static void Sensors(StringBuilder text, IReadOnlyList<SensorLine> sensors)
    {
        foreach (IGrouping<string, SensorLine> metric in sensors.GroupBy(s => $"instantnet_agent_sensor_{s.Quantity.Replace(' ', '_')}_{s.Unit}"))
        {
            Header(text, metric.Key, $"Sensors: {metric.First().Quantity}.", "gauge");
            foreach (SensorLine line in metric.Where(s => s.Value is not null))
                Sample(text, metric.Key + Labels(("sensor", line.Sensor)), line.Value!.Value);
        }

        Header(text, "instantnet_agent_sensor_ok", "1 while a sensor answers.", "gauge");
        foreach (SensorLine line in sensors)
            Sample(text, "instantnet_agent_sensor_ok" + Labels(("sensor", line.Sensor), ("quantity", line.Quantity)), line.Problem is null ? 1 : 0);
    }

    private static string Labels(MeasuredVariant variant, MeterSource source) =>
        Labels(("bits", variant.Bits.Bits.ToString(CultureInfo.InvariantCulture)), ("source", Word(source)));

    // As in the messages.
    private static string Word(MeterSource source) => source.ToString().ToLowerInvariant();

    private static string Labels(params IEnumerable<(string Name, string Value)> labels) =>
        "{" + string.Join(',', labels.Select(l => $"{l.Name}=\"{Escaped(l.Value)}\"")) + "}";

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Gauge(StringBuilder text, string name, string help, double value) => Metric(text, name, help, "gauge", value);

    private static void Counter(StringBuilder text, string name, string help, double value) => Metric(text, name, help, "counter", value);

    private static void Metric(StringBuilder text, string name, string help, string type, double value)
    {
        Header(text, name, help, type);
        Sample(text, name, value);
    }

    private static void Header(StringBuilder text, string name, string help, string type)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private static void Sample(StringBuilder text, string series, double value) =>
        text.Append(series).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
