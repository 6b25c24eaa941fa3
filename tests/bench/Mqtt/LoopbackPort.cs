using System.Net;
using System.Net.Sockets;

namespace InstantNet.Bench.Mqtt;

/// <summary>Ports of 127.0.0.1 for brokers that are told theirs.</summary>
internal static class LoopbackPort
{
    /// <summary>One that was free a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
