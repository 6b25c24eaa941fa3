using System.Net;

namespace InstantNet.Controller.Broker;

/// <summary>The broker that the controller starts for itself.</summary>
internal sealed class BrokerOptions
{
    /// <summary>Port by default.</summary>
    public const int DefaultPort = 18830;

    /// <summary>What the broker's listener binds to and everybody on this machine connects to.</summary>
    public string Host { get; } = IPAddress.Loopback.ToString();

    /// <summary>TCP port, 1..65535.</summary>
    public required int Port { get; init; }
}
