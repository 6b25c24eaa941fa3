using System.Globalization;
using System.Text;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Ingest;
using InstantNet.Controller.Storage;

namespace InstantNet.Controller.Api;

/// <summary>The controller's figures in Prometheus' text format. Thread safe.</summary>
/// <remarks>Source: Prometheus text exposition format, version 0.0.4.</remarks>
internal sealed class ControllerMetrics(
    UplinkHandler uplink, TelemetryIngest telemetry, MalformedMessages malformed, StoreWriter store, FleetMetrics fleet)
{
    public string Text()
    {
        StringBuilder text = new();
        Write(text, "instantnet_uplink_messages_total", "counter", "Messages of devices, good and bad.", uplink.Messages);
        Write(text, "instantnet_uplink_malformed_total", "counter", "Messages thrown away.", malformed.Count);
        Write(text, "instantnet_telemetry_samples_total", "counter", "Samples stored.", telemetry.Samples);
        Write(text, "instantnet_telemetry_duplicates_total", "counter", "Batches that had been stored before.", telemetry.Duplicates);
        Write(text, "instantnet_store_writes_total", "counter", "Changes committed.", store.Writes);
        Write(text, "instantnet_store_commits_total", "counter", "Transactions.", store.Commits);
        Write(text, "instantnet_devices", "gauge", "Enrolled devices.", fleet.Devices);
        Write(text, "instantnet_devices_online", "gauge", "Devices whose last birth holds.", fleet.Online);
        Write(text, "instantnet_broker_connected", "gauge", "1 while the link to the broker stands.", fleet.IsConnected ? 1 : 0);
        Write(text, "process_resident_memory_bytes", "gauge", "Resident memory of the controller.", Environment.WorkingSet);
        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, string type, string help, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}

/// <summary>Figures of the fleet. Thread safe.</summary>
internal sealed class FleetMetrics(DeviceRegistry registry, ControllerLink controller)
{
    public int Devices => registry.Count;

    public int Online => registry.All.Count(d => d.State?.S == Contracts.Messages.Presence.Online);

    public bool IsConnected => controller.Link.Status.IsConnected;
}
