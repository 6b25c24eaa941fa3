using System.Globalization;
using System.Text;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Status;

/// <summary>The status as Prometheus text.</summary>
/// <remarks>Source: Prometheus exposition formats, text format 0.0.4.</remarks>
internal static class StatusMetrics
{
    private const double NanosecondsPerSecond = 1e9;
    private const double BytesPerMebibyte = 1024 * 1024;

    /// <summary>Writes every figure that is known.</summary>
    public static string Write(AgentStatus status)
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
        }

        if (status.Serving is { } serving)
        {
            Gauge(text, "instantnet_agent_precision_bits", "Precision in use.", serving.Precision.Bits.Bits);
            Gauge(text, "instantnet_agent_release_revision", "Revision that serves.", serving.Revision);
            foreach (MeasuredVariant variant in serving.Measured)
            {
                string labels = $"{{bits=\"{variant.Bits.Bits}\",latency=\"{variant.LatencySource}\",energy=\"{variant.EnergySource}\"}}";
                Sample(text, "instantnet_agent_variant_latency_p95_seconds" + labels, variant.LatencyMs / 1000);
                Sample(text, "instantnet_agent_variant_energy_joules" + labels, variant.EnergyMj / 1000);
            }
        }

        return text.ToString();
    }

    private static void Gauge(StringBuilder text, string name, string help, double value) => Metric(text, name, help, "gauge", value);

    private static void Counter(StringBuilder text, string name, string help, double value) => Metric(text, name, help, "counter", value);

    private static void Metric(StringBuilder text, string name, string help, string type, double value)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        Sample(text, name, value);
    }

    private static void Sample(StringBuilder text, string series, double value) =>
        text.Append(series).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
}
