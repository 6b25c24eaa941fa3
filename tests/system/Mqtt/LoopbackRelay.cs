using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>Stands between client and broker: counts what the client sends, swallows what the broker answers, breaks connections, refuses them.</summary>
internal sealed class LoopbackRelay : IAsyncDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly int _brokerPort;
    private readonly Task _accepting;
    private long _bytesUp;
    private volatile bool _isMute;
    private volatile bool _isDown;
    private volatile Loss? _loss;

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

    /// <summary>While true, connections are reset as they come.</summary>
    public bool IsDown { get => _isDown; set => _isDown = value; }

    /// <summary>Lets clients send some more bytes, then loses the broker's next answer, and with it every connection; the wire is down from then on.</summary>
    /// <returns>Completes when that has happened.</returns>
    public Task LoseAnswerAfterAsync(long bytes)
    {
        Loss loss = new(BytesUp + bytes);
        _loss = loss;
        return loss.Happened.Task;
    }

    /// <summary>Breaks every connection without a farewell.</summary>
    public void Cut()
    {
        while (_sockets.TryTake(out Socket? socket))
            Reset(socket);
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
                if (IsDown)
                    Reset(client);
                else
                    await JoinAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the test is over.
        }
    }

    /// <summary>Joins a client with the broker; one that comes while the broker is away, or as the wire is cut, is turned away, and the next one is served.</summary>
    private async Task JoinAsync(Socket client)
    {
        var broker = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            (client.NoDelay, broker.NoDelay) = (true, true);
            _sockets.Add(client);
            _sockets.Add(broker);
            await broker.ConnectAsync(IPAddress.Loopback, _brokerPort);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            broker.Dispose();
            client.Dispose();
            return;
        }

        _ = PumpAsync(client, broker, count => Interlocked.Add(ref _bytesUp, count), () => false);
        _ = PumpAsync(broker, client, _ => { }, SwallowsAnswer);
    }

    private bool SwallowsAnswer()
    {
        if (_loss is not { } loss || BytesUp < loss.AfterBytes)
            return IsMute;
        _loss = null;
        IsDown = true;
        Cut();
        loss.Happened.TrySetResult();
        return true;
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, as when a socket dies
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has died by itself.
        }

        socket.Dispose();
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

    private sealed record Loss(long AfterBytes)
    {
        public TaskCompletionSource Happened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
