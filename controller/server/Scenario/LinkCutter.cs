using System.Net;
using System.Net.Sockets;

namespace InstantNet.Controller.Scenario;

/// <summary>A wire between an agent and the broker that can be cut and mended: a loopback relay. Thread safe.</summary>
internal sealed class LinkCutter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _brokerPort;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;
    private bool _cut;

    /// <param name="brokerPort">Loopback port of the broker.</param>
    public LinkCutter(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Loopback port that the agent is told.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks every connection and refuses new ones until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _cut = true;
            foreach (Socket socket in _open)
                socket.Close(timeout: 0);
            _open.Clear();
        }
    }

    /// <summary>Lets connections through again.</summary>
    public void Mend()
    {
        lock (_gate)
            _cut = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> relays = [];
        try
        {
            while (true)
            {
                Socket agent = await _listener.AcceptSocketAsync(_stop.Token);
                relays.RemoveAll(r => r.IsCompleted);
                relays.Add(RelayAsync(agent));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket agent)
    {
        using Socket near = agent;
        using Socket far = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!TryOpen(near, far))
            return;
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _brokerPort, _stop.Token);
            await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A broken wire is what this class is for; the agent and the broker notice by themselves.
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(near);
                _open.Remove(far);
            }
        }
    }

    private bool TryOpen(Socket near, Socket far)
    {
        lock (_gate)
        {
            if (_cut)
                return false;
            _open.Add(near);
            _open.Add(far);
            return true;
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer)) > 0)
                await to.SendAsync(buffer.AsMemory(0, read));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other direction ends with this one; RelayAsync closes both sockets.
        }
    }
}
