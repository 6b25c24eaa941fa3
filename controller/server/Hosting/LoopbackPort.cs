using System.Net;
using System.Net.Sockets;

namespace InstantNet.Controller.Hosting;

/// <summary>Ports of 127.0.0.1.</summary>
internal static class LoopbackPort
{
    /// <summary>Sees whether something listens on a port already, before this controller tries to.</summary>
    /// <param name="port">Port; 0 is never in use.</param>
    /// <param name="option">Option that names the port, for the sentence.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StartRefusedException">Another program listens there.</exception>
    public static async Task ThrowIfInUseAsync(int port, string option, CancellationToken cancellationToken)
    {
        if (port == 0)
            return;
        try
        {
            using TcpClient probe = new();
            await probe.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        }
        catch (SocketException)
        {
            return;
        }

        throw new StartRefusedException($"Port {port} of 127.0.0.1 is in use by another program: choose another one with {option}.");
    }
}
