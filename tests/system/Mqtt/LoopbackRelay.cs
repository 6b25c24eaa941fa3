using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>Stands between client and broker: counts what the client sends, swallows what the broker answers, breaks connections.</summary>
internal sealed class LoopbackRelay : IAsyncDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly int _brokerPort;
    private readonly Task _accepting;
    private long _bytesUp;
    private volatile bool _isMute;

    public LoopbackRelay(int brokerPort)
    {
        _brokerPort = brokerPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes that clients have sent.</summary>
    public long BytesUp => Interlocked.Read(ref _bytesUp);

    /// <summary>While true, nothing that the broker sends arrives.</summary>
    public bool IsMute { get => _isMute; set => _isMute = value; }

    /// <summary>Breaks every connection without a farewell.</summary>
    public void Cut()
    {
        while (_sockets.TryTake(out Socket? socket))
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, as when a socket dies
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Cut();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptSocketAsync();
                var broker = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                _sockets.Add(client);
                _sockets.Add(broker);
                await broker.ConnectAsync(IPAddress.Loopback, _brokerPort);
                _ = PumpAsync(client, broker, count => Interlocked.Add(ref _bytesUp, count), () => false);
                _ = PumpAsync(broker, client, _ => { }, () => IsMute);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Action<int> seen, Func<bool> swallows)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                seen(count);
                if (!swallows())
                    await to.SendAsync(buffer.AsMemory(0, count));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            to.Dispose();
        }
    }
}
