using System.Text.Json.Serialization;
using InstantNet.Agent.Configuration;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Tls;

namespace InstantNet.Agent.AzureIotHub;

/// <summary>How to reach Azure IoT Hub in place of a broker: section <c>iotHub</c> of the configuration.</summary>
internal sealed class HubSettings
{
    private const int TlsPort = 8883;
    private const int WebPort = 443;
    private const double LeastTokenMinutes = 5, MostTokenMinutes = 24 * 60;

    /// <summary>File with the device's connection string, mode 640 or stricter; relative to the configuration file. Null: <see cref="HostName"/> and
    /// a key or a certificate.</summary>
    public string? ConnectionStringFile { get; set; }

    /// <summary>Name of the hub, like <c>fleet.azure-devices.net</c>.</summary>
    public string? HostName { get; set; }

    /// <summary>Id of the device in the hub. Default: <c>device</c>.</summary>
    public string? DeviceId { get; set; }

    /// <summary>File with the device's symmetric key in Base64, mode 640 or stricter; relative to the configuration file.</summary>
    public string? SharedAccessKeyFile { get; set; }

    /// <summary>PEM file of the device's certificate, for a device that the hub knows by X.509; relative to the configuration file.</summary>
    public string? CertFile { get; set; }

    /// <summary>PEM file of its private key, mode 640 or stricter; relative to the configuration file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM file of the authorities that are trusted and no others; relative to the configuration file. Null for those of the machine.</summary>
    public string? CaFile { get; set; }

    /// <summary>Whether to speak MQTT in a secure WebSocket, for networks that let only web traffic through. Default false.</summary>
    public bool WebSocket { get; set; }

    /// <summary>TCP port, 1 to 65535. Default 8883; 443 with <see cref="WebSocket"/>.</summary>
    public int? Port { get; set; }

    /// <summary>How long a token made of the key is valid, minutes; the connection is renewed before it ends. Default 60; 5 to 1440.</summary>
    public double TokenMinutes { get; set; } = 60;

    /// <summary>Longest time between two attempts to connect, seconds. Default 60; 1 to 3600.</summary>
    public int MaxReconnectSeconds { get; set; } = 60;

    /// <summary>Port in use.</summary>
    [JsonIgnore]
    public int EffectivePort => Port ?? (WebSocket ? WebPort : TlsPort);

    /// <summary>TLS as the contracts know it.</summary>
    [JsonIgnore]
    public ClientTls Tls => new() { AuthorityFile = CaFile, CertificateFile = CertFile, KeyFile = KeyFile };

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults(string? device)
    {
        if (ConnectionStringFile is not null && (HostName ?? DeviceId ?? SharedAccessKeyFile ?? CertFile ?? KeyFile) is not null)
            yield return "iotHub.connectionStringFile says host, device and key: leave out hostName, deviceId, sharedAccessKeyFile, certFile and keyFile.";
        else if (ConnectionStringFile is null)
        {
            if (string.IsNullOrWhiteSpace(HostName))
                yield return "iotHub.hostName is missing, and there is no connectionStringFile.";
            else if (device is not null && new HubIdentity(HostName, DeviceId ?? device).Complaint() is { } complaint)
                yield return "iotHub: " + complaint;
            if ((SharedAccessKeyFile is null) == (CertFile is null))
                yield return "iotHub needs either sharedAccessKeyFile, or certFile and keyFile.";
        }

        if (Tls.Complaint() is { } incomplete)
            yield return "iotHub.certFile and iotHub.keyFile: " + incomplete;
        if (Port is < 1 or > 65535)
            yield return $"iotHub.port is {Port}: 1 to 65535 is accepted.";
        if (TokenMinutes is not (>= LeastTokenMinutes and <= MostTokenMinutes))
            yield return $"iotHub.tokenMinutes is {TokenMinutes}: {LeastTokenMinutes} to {MostTokenMinutes} is accepted.";
        if (MaxReconnectSeconds is < 1 or > 3600)
            yield return $"iotHub.maxReconnectSeconds is {MaxReconnectSeconds}: 1 to 3600 is accepted.";
    }

    /// <summary>Makes the paths absolute.</summary>
    public void Resolve(string folder)
    {
        ConnectionStringFile = ConfigPath.In(folder, ConnectionStringFile);
        SharedAccessKeyFile = ConfigPath.In(folder, SharedAccessKeyFile);
        CertFile = ConfigPath.In(folder, CertFile);
        KeyFile = ConfigPath.In(folder, KeyFile);
        CaFile = ConfigPath.In(folder, CaFile);
    }

    /// <summary>The fault of the files that <see cref="Resolve"/> made absolute, as a sentence without any secret; null when they can be used.</summary>
    public string? FileFault(string device)
    {
        try
        {
            _ = Credentials(device);
            _ = Tls.Load();
            return null;
        }
        catch (Exception e) when (e is ClientTlsException or SecretFileException)
        {
            return "iotHub: " + e.Message;
        }
    }

    /// <summary>Reads who this is and how it proves it.</summary>
    /// <param name="device">Id to use where the settings name none.</param>
    /// <returns>The key; null when the certificate is the proof.</returns>
    /// <exception cref="SecretFileException">A file cannot be read, others may read it, or it does not hold what it should.</exception>
    public (HubIdentity Identity, byte[]? Key) Credentials(string device)
    {
        if (ConnectionStringFile is { } file)
            return HubKey.ParseConnectionString(SecretFile.Read(file), $"'{file}'");
        HubIdentity identity = new(HostName!, DeviceId ?? device);
        if (SharedAccessKeyFile is { } keyFile)
            return (identity, HubKey.Parse(SecretFile.Read(keyFile), $"'{keyFile}'"));
        SecretFile.Check(KeyFile!);
        return (identity, null);
    }
}
