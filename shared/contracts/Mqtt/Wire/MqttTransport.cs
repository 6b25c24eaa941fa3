using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>The byte stream to a broker: TCP, TLS over TCP, or a WebSocket over either.</summary>
internal sealed class MqttTransport : IAsyncDisposable
{
    private readonly Socket _socket;

    private MqttTransport(Socket socket, Stream stream, string name)
    {
        _socket = socket;
        Stream = stream;
        Name = name;
    }

    public Stream Stream { get; }

    /// <summary>host:port and the path of a WebSocket, for messages.</summary>
    public string Name { get; }

    public bool IsSecure => Stream is SslStream;

    /// <param name="options">Where to.</param>
    /// <param name="patience">How long the other side's kernel may stay silent until <see cref="BePatient"/>; null for as long as it likes.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="MqttException">Unreachable, or TLS failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async ValueTask<MqttTransport> OpenAsync(
        MqttConnectOptions options, TimeSpan? patience, TimeProvider time, CancellationToken cancellationToken)
    {
        string name = $"{options.Host}:{options.Port}{options.WebSocketPath}";
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            LimitSilence(socket, patience ?? TimeSpan.Zero);
            await ReachAsync(socket, options, patience, time, cancellationToken);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is not null)
                stream = await SecureAsync(stream, options.Tls, options.Host, cancellationToken);
            if (options.WebSocketPath is not null)
                stream = await WebSocketStream.UpgradeAsync(stream, options, cancellationToken);
            return new MqttTransport(socket, stream, name);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new MqttException(
                MqttFailure.Unreachable, MqttReason.ServerUnavailable, $"The broker at {name} cannot be reached: {e.Message}.", e);
        }
        catch (WebSocketException e)
        {
            socket.Dispose();
            throw new MqttException(
                MqttFailure.NotABroker, MqttReason.ProtocolError, $"{name} offers no MQTT over WebSocket: {e.Message.TrimEnd('.')}.", e);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            socket.Dispose();
            throw new MqttException(MqttFailure.TlsFailed, MqttReason.NotAuthorized, $"No TLS connection with {name}: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>From here on silence is what keep-alives are for.</summary>
    public void BePatient() => LimitSilence(_socket, TimeSpan.Zero);

    /// <summary>Lets what streams in gather in the socket, below TLS and WebSocket.</summary>
    public ReceiveModerator Moderate(SharedTimer<ReceiveModerator> ticks) => new(_socket, ticks);

    /// <summary>True when a connection failed because the other side's kernel was silent for the patience.</summary>
    public static bool WasSilence(MqttException e)
    {
        Exception? cause = e;
        while (cause is not null and not SocketException)
            cause = cause.InnerException;
        return cause is SocketException { SocketErrorCode: SocketError.TimedOut };
    }

    /// <summary>Tells the other side that nothing more comes; what it sends can still be read.</summary>
    public async ValueTask FinishSendingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Stream is WebSocketStream framed)
            {
                await framed.FinishSendingAsync(cancellationToken);
                return;
            }
            if (Stream is SslStream secure)
                await secure.ShutdownAsync();
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side was faster; there is nobody left to tell.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Stream.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Closing a broken stream: it is closed either way.
        }
        _socket.Dispose();
    }

    private static async ValueTask ReachAsync(
        Socket socket, MqttConnectOptions options, TimeSpan? patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(patience ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }

    /// <summary>TCP_USER_TIMEOUT of tcp(7): how long sent bytes may stay unacknowledged by the other side's kernel. Zero for the system's default.</summary>
    private static void LimitSilence(Socket socket, TimeSpan limit)
    {
        const int ProtocolTcp = 6, UserTimeout = 18;
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(ProtocolTcp, UserTimeout, BitConverter.GetBytes((int)limit.TotalMilliseconds));
    }

    private static async ValueTask<Stream> SecureAsync(
        Stream stream, SslClientAuthenticationOptions tls, string host, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            if (string.IsNullOrEmpty(tls.TargetHost))
                tls.TargetHost = host;
            await secure.AuthenticateAsClientAsync(tls, cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
