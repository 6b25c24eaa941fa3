using System.Net;
using System.Net.WebSockets;

namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>The bytes of MQTT packets in the binary frames of a WebSocket. Frames need not begin or end where packets do. One reader and one
/// writer at a time.</summary>
/// <remarks>Source: OASIS MQTT 5.0, section 6; RFC 6455.</remarks>
internal sealed class WebSocketStream(WebSocket socket) : Stream
{
    private const string Subprotocol = "mqtt";

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Asks for a WebSocket over a stream that is open already, in plain text or secure.</summary>
    /// <param name="stream">Owned by the result.</param>
    /// <param name="options">Host, port and path that the request names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WebSocketException">The server does not offer MQTT there.</exception>
    public static async ValueTask<WebSocketStream> UpgradeAsync(Stream stream, MqttConnectOptions options, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, _) => ValueTask.FromResult(stream) };
        using var invoker = new HttpMessageInvoker(handler);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(Subprotocol);
            socket.Options.KeepAliveInterval = TimeSpan.Zero; // MQTT has its own
            socket.Options.HttpVersion = HttpVersion.Version11;
            // TLS, if any, is inside the stream: for HTTP it is plain.
            await socket.ConnectAsync(new Uri(new UriBuilder("ws", options.Host, options.Port).Uri, options.WebSocketPath), invoker, cancellationToken);
            if (socket.SubProtocol != Subprotocol)
                throw new WebSocketException($"the server did not agree to the subprotocol '{Subprotocol}'");
            return new WebSocketStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends the closing frame; what the other side still sends can be read.</summary>
    public async ValueTask FinishSendingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken);
        }
        catch (WebSocketException e)
        {
            throw Broken(e);
        }
    }

    /// <returns>Zero when the other side has closed, or for an empty buffer, when there is something to read.</returns>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult result = await socket.ReceiveAsync(buffer, cancellationToken);
                if (result.MessageType == WebSocketMessageType.Text)
                    throw new IOException("it sent text, where MQTT is binary");
                if (result.MessageType == WebSocketMessageType.Close || result.Count > 0 || buffer.IsEmpty)
                    return result.Count;
            }
        }
        catch (WebSocketException e)
        {
            throw Broken(e);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (WebSocketException e)
        {
            throw Broken(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is kept back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous reading is offered.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronous writing is offered.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private static IOException Broken(WebSocketException e) => new(e.Message, e);
}
