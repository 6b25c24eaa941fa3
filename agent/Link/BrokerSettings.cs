using System.Text.Json.Serialization;
using InstantNet.Agent.Configuration;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Tls;

namespace InstantNet.Agent.Link;

/// <summary>How to reach the broker: section <c>broker</c> of the configuration.</summary>
internal sealed class BrokerSettings
{
    /// <summary>Name or address. Required.</summary>
    public string? Host { get; set; }

    /// <summary>TCP port, 1 to 65535. Default 1883.</summary>
    public int Port { get; set; } = 1883;

    /// <summary>Path of the broker's WebSocket, e.g. <c>/mqtt</c>, for networks that let only web traffic through; with TLS it is a secure one.
    /// Null for MQTT over TCP.</summary>
    public string? WebSocketPath { get; set; }

    /// <summary>User name; by the broker's rules the device id, which is also the default.</summary>
    public string? Username { get; set; }

    /// <summary>Password; null for none.</summary>
    public string? Password { get; set; }

    /// <summary>Whether to speak TLS. Default false.</summary>
    [JsonPropertyName("tls")]
    public bool UsesTls { get; set; }

    /// <summary>PEM file of the authorities whose brokers are trusted, and no others; relative to the configuration file. Null for those of the machine.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file of the device's own certificate, for brokers that ask for one; relative to the configuration file. Null for none.</summary>
    public string? CertFile { get; set; }

    /// <summary>PEM file of the certificate's private key; relative to the configuration file. Null for none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Name that the broker's certificate must carry. Default: <see cref="Host"/>.</summary>
    public string? ServerName { get; set; }

    /// <summary>TLS as the contracts know it; null for plain text.</summary>
    [JsonIgnore]
    public ClientTls? Tls => UsesTls ? new ClientTls { AuthorityFile = CaFile, CertificateFile = CertFile, KeyFile = KeyFile, ServerName = ServerName } : null;

    /// <summary>Longest time between two attempts to connect, seconds; each waits a random part of a window that doubles up to this.
    /// Default 15; 1 to 3600. Large fleets want more, so that a broker that restarts is not stormed.</summary>
    public int MaxReconnectSeconds { get; set; } = 15;

    /// <summary>Makes the paths absolute.</summary>
    public void Resolve(string folder)
    {
        CaFile = ConfigPath.In(folder, CaFile);
        CertFile = ConfigPath.In(folder, CertFile);
        KeyFile = ConfigPath.In(folder, KeyFile);
    }

    /// <summary>The fault of the files that <see cref="Resolve"/> made absolute, as a sentence; null when TLS can be set up with them.</summary>
    public string? FileFault()
    {
        try
        {
            _ = Tls?.Load();
            return null;
        }
        catch (ClientTlsException e)
        {
            return "broker: " + e.Message;
        }
    }

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults(string? device)
    {
        if (string.IsNullOrWhiteSpace(Host))
            yield return "broker.host is missing.";
        if (Port is < 1 or > 65535)
            yield return $"broker.port is {Port}: 1 to 65535 is accepted.";
        if (!MqttConnectOptions.IsPath(WebSocketPath))
            yield return $"broker.webSocketPath is '{WebSocketPath}': a path that begins with a slash is accepted, like /mqtt.";
        if (MaxReconnectSeconds is < 1 or > 3600)
            yield return $"broker.maxReconnectSeconds is {MaxReconnectSeconds}: 1 to 3600 is accepted.";
        if (!UsesTls && (CaFile ?? CertFile ?? KeyFile ?? ServerName) is not null)
            yield return "broker.tls is false, but broker.caFile, certFile, keyFile or serverName is set: set tls to true or remove them.";
        if (Tls?.Complaint() is { } complaint)
            yield return "broker.certFile and broker.keyFile: " + complaint;
        if (Username is { } name && device is not null && name != device)
            yield return $"broker.username is '{name}': it must be the device id '{device}', by which the broker grants topics.";
    }
}
