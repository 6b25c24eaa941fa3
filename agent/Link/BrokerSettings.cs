using System.Text.Json.Serialization;

namespace InstantNet.Agent.Link;

/// <summary>How to reach the broker: section <c>broker</c> of the configuration.</summary>
internal sealed class BrokerSettings
{
    /// <summary>Name or address. Required.</summary>
    public string? Host { get; set; }

    /// <summary>TCP port, 1 to 65535. Default 1883.</summary>
    public int Port { get; set; } = 1883;

    /// <summary>User name; by the broker's rules the device id, which is also the default.</summary>
    public string? Username { get; set; }

    /// <summary>Password; null for none.</summary>
    public string? Password { get; set; }

    /// <summary>Whether to speak TLS. Default false.</summary>
    [JsonPropertyName("tls")]
    public bool UsesTls { get; set; }

    /// <summary>Longest time between two attempts to connect, seconds; each waits a random part of a window that doubles up to this.
    /// Default 15; 1 to 3600. Large fleets want more, so that a broker that restarts is not stormed.</summary>
    public int MaxReconnectSeconds { get; set; } = 15;

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults(string? device)
    {
        if (string.IsNullOrWhiteSpace(Host))
            yield return "broker.host is missing.";
        if (Port is < 1 or > 65535)
            yield return $"broker.port is {Port}: 1 to 65535 is accepted.";
        if (MaxReconnectSeconds is < 1 or > 3600)
            yield return $"broker.maxReconnectSeconds is {MaxReconnectSeconds}: 1 to 3600 is accepted.";
        if (Username is { } name && device is not null && name != device)
            yield return $"broker.username is '{name}': it must be the device id '{device}', by which the broker grants topics.";
    }
}
