using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Agent.Delivery;
using InstantNet.Agent.Link;
using InstantNet.Agent.Status;
using InstantNet.Contracts;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Configuration;

/// <summary>Content of agent.json. Use it only after <see cref="Faults"/> found none.</summary>
internal sealed class AgentConfig
{
    /// <summary>Version read today.</summary>
    public const int FormatVersion = 1;

    /// <summary>Format version, 1.</summary>
    [JsonPropertyName("v")]
    public int Version { get; set; } = FormatVersion;

    /// <summary>Whose fleet the device belongs to. Default <c>default</c>.</summary>
    public string? Tenant { get; set; } = "default";

    /// <summary>Id of the device. Required.</summary>
    public string? Device { get; set; }

    /// <summary>What kind of device it is. Required.</summary>
    public string? DeviceClass { get; set; }

    /// <summary>Folder for everything durable; relative to the configuration file. Required.</summary>
    public string? AgentData { get; set; }

    /// <summary>Folder with the release that came with the device, only read; relative to the configuration file. Null for none.</summary>
    public string? Factory { get; set; }

    /// <summary>How to reach the broker; null with <see cref="IotHub"/>. One of both is required.</summary>
    public BrokerSettings? Broker { get; set; }

    /// <summary>How to reach Azure IoT Hub in place of a broker.</summary>
    public HubSettings? IotHub { get; set; }

    /// <summary>PEM public keys whose releases are installed. At least one.</summary>
    public IReadOnlyList<string> TrustedKeys { get; set; } = [];

    /// <summary>Where frames come from.</summary>
    public FramesSettings Frames { get; set; } = new();

    /// <summary>Where the battery level comes from.</summary>
    public BatterySettings Battery { get; set; } = new();

    /// <summary>What the device is measured with.</summary>
    public SensorSettings Sensors { get; set; } = new();

    /// <summary>How blobs are fetched.</summary>
    public DeliverySettings Delivery { get; set; } = new();

    /// <summary>How telemetry is kept.</summary>
    public TelemetrySettings Telemetry { get; set; } = new();

    /// <summary>The local endpoint.</summary>
    public StatusSettings Status { get; set; } = new();

    /// <summary>Log file; null for the console only.</summary>
    public string? LogFile { get; set; }

    /// <summary>Members that no part of the agent reads.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Unknown { get; set; } = [];

    /// <summary>Parsed <see cref="Tenant"/>.</summary>
    [JsonIgnore]
    public WireId TenantId => WireId.Parse(Tenant!);

    /// <summary>Parsed <see cref="Device"/>.</summary>
    [JsonIgnore]
    public WireId DeviceId => WireId.Parse(Device!);

    /// <summary>Parsed <see cref="DeviceClass"/>.</summary>
    [JsonIgnore]
    public WireId DeviceClassId => WireId.Parse(DeviceClass!);

    /// <summary>For chance that must differ between the devices of a fleet, so that they do not come back in step, yet can be repeated.</summary>
    [JsonIgnore]
    public int Seed => BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(Device!)));

    /// <summary>Every fault, one sentence each; empty when the agent can run with it.</summary>
    public IReadOnlyList<string> Faults()
    {
        List<string> faults = [];
        if (Version != FormatVersion)
            faults.Add($"v is {Version}: this agent reads {FormatVersion}.");
        AddIdFault(faults, "tenant", Tenant);
        AddIdFault(faults, "device", Device);
        AddIdFault(faults, "deviceClass", DeviceClass);
        if (string.IsNullOrWhiteSpace(AgentData))
            faults.Add("agentData is missing: a folder is needed.");
        AddKeyFault(faults);
        if ((Broker is null) == (IotHub is null))
            faults.Add($"{(Broker is null ? "broker and iotHub are missing" : "broker and iotHub are both there")}: one of the two sections is needed.");
        faults.AddRange(Broker?.Faults(Device) ?? []);
        faults.AddRange(IotHub?.Faults(Device) ?? []);
        faults.AddRange(Frames.Faults());
        faults.AddRange(Battery.Faults());
        faults.AddRange(Sensors.Faults());
        faults.AddRange(Delivery.Faults());
        faults.AddRange(Telemetry.Faults());
        faults.AddRange(Status.Faults());
        return faults;
    }

    private static void AddIdFault(List<string> faults, string member, string? value)
    {
        if (!WireId.TryParse(value, out _))
            faults.Add(value is null ? $"{member} is missing." : $"{member} is '{value}': 1 to {WireId.MaxLength} of a-z, 0-9, '_' and '-' are accepted.");
    }

    private void AddKeyFault(List<string> faults)
    {
        if (TrustedKeys.Count == 0)
            faults.Add("trustedKeys is empty: without a key no release can be installed.");
        try
        {
            _ = new ReleaseKeys(TrustedKeys);
        }
        catch (FormatException e)
        {
            faults.Add($"trustedKeys: {e.Message}");
        }
    }
}
