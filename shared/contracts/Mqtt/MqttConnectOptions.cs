using System.Net.Security;

namespace InstantNet.Contracts.Mqtt;

/// <summary>Everything one connection attempt needs. Checked by the connector before it opens a socket.</summary>
public sealed record MqttConnectOptions
{
    /// <summary>Longest silence before a ping when nobody says another.</summary>
    public static readonly TimeSpan DefaultKeepAlive = TimeSpan.FromSeconds(30);

    /// <summary>Host name or address of the broker.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port, 1..65535; by custom 1883, with TLS 8883.</summary>
    public required int Port { get; init; }

    /// <summary>Version to speak. Default MQTT 5.</summary>
    public MqttProtocol Protocol { get; init; }

    /// <summary>TLS settings; null connects in plain text. An empty target host is replaced by <see cref="Host"/>.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Client identifier, at most 65,535 bytes; empty lets the broker choose one.</summary>
    public required string ClientId { get; init; }

    /// <summary>True throws away what the broker kept of an earlier session.</summary>
    public bool CleanStart { get; init; }

    /// <summary>How long the broker keeps the session after the connection ends; whole seconds, zero: not at all.
    /// MQTT 3.1.1 cannot say it: zero there, and a session that is not clean lives as long as the broker likes.</summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>User name; null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password; null for none, at most 65,535 bytes.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Published by the broker when this client vanishes; null for none.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>Longest silence before a ping. Default 30 s; 1 s to 18 h, zero switches pings off. The broker may impose its own.</summary>
    public TimeSpan KeepAlive { get; init; } = DefaultKeepAlive;

    /// <summary>QoS 1 messages taken from the broker before the first is acknowledged. Default 64; 1..65535.</summary>
    /// <remarks>With <see cref="MaxPacketBytes"/> it bounds what a slow handler can make the connection hold. As many QoS 0 messages may wait for
    /// the handler; further ones are dropped and counted. MQTT 3.1.1 cannot announce it: a broker that sends more loses the connection.</remarks>
    public int ReceiveMaximum { get; init; } = 64;

    /// <summary>Topic aliases that the broker may set, so that it names a topic once. Default 16, which holds at most 1 MiB; 0 for none, up to 1,000.
    /// MQTT 3.1.1 has none.</summary>
    public int TopicAliasMaximum { get; init; } = 16;

    /// <summary>Topic aliases that this side sets, so that a topic published to again and again travels once, if the broker's own limit is not
    /// lower. Default 16; 0 for none, up to 1,000. Topics used once take none.</summary>
    public int PublishAliasMaximum { get; init; } = 16;

    /// <summary>Keeps messages that <see cref="IMqttConnection.PublishKeptAsync"/> sent and a connection's end left unacknowledged; this connection
    /// begins with them. Null: they fail with the connection.</summary>
    public MqttInFlight? InFlight { get; init; }

    /// <summary>Path of a WebSocket, e.g. <c>/mqtt</c>, over which the packets travel, as subprotocol <c>mqtt</c>; null for TCP or TLS alone.</summary>
    public string? WebSocketPath { get; init; }

    /// <summary>Largest packet accepted from the broker. Default 512 KiB; 128 bytes to 256 MiB.</summary>
    public int MaxPacketBytes { get; init; } = 512 * 1024;

    /// <summary>QoS 1 messages sent before the first is acknowledged, if the broker's own limit is not lower. Default 1,000; 1..64,000.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>Bytes read from the socket at a time. Default 4 KiB suits a device; 64 KiB suits a busy subscriber; 512 bytes to 1 MiB.</summary>
    public int ReadBufferBytes { get; init; } = 4096;

    /// <summary>Time for TCP, TLS and CONNACK together. Default 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Host);
        Require(Port is > 0 and <= ushort.MaxValue, $"The port {Port} is not 1 to {ushort.MaxValue}.");
        Require(ReceiveMaximum is > 0 and <= ushort.MaxValue, $"The receive maximum {ReceiveMaximum} is not 1 to {ushort.MaxValue}.");
        Require(MaxPacketBytes is >= 128 and <= 256 * 1024 * 1024, $"The packet size {MaxPacketBytes} is not 128 bytes to 256 MiB.");
        Require(MaxInFlight is > 0 and <= 64_000, $"The in-flight limit {MaxInFlight} is not 1 to 64,000.");
        Require(TopicAliasMaximum is >= 0 and <= 1000, $"The topic alias maximum {TopicAliasMaximum} is not 0 to 1,000.");
        Require(PublishAliasMaximum is >= 0 and <= 1000, $"The topic alias maximum for publishing {PublishAliasMaximum} is not 0 to 1,000.");
        Require(IsPath(WebSocketPath), $"The WebSocket path '{WebSocketPath}' does not begin with a slash or has characters that no path has.");
        Require(ReadBufferBytes is >= 512 and <= 1024 * 1024, $"The read buffer {ReadBufferBytes} is not 512 bytes to 1 MiB.");
        Require(KeepAlive >= TimeSpan.Zero && KeepAlive.TotalSeconds <= ushort.MaxValue, $"The keep-alive {KeepAlive} is not zero to 18 hours.");
        Require(SessionExpiry >= TimeSpan.Zero, $"The session expiry {SessionExpiry} is negative.");
        Require(ConnectTimeout > TimeSpan.Zero, $"The connect timeout {ConnectTimeout} is not above zero.");
    }

    /// <summary>Whether a WebSocket can be asked for at this path; null is none.</summary>
    public static bool IsPath(string? path) =>
        path is null || (path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && Uri.IsWellFormedUriString(path, UriKind.Relative));

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new ArgumentException(sentence);
    }
}
