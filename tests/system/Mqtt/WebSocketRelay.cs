using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>Takes WebSockets at /mqtt and passes their bytes to a broker that speaks TCP only, in frames of its own sizes.</summary>
internal sealed class WebSocketRelay : IAsyncDisposable
{
    public const string Path = "/mqtt";

    private const int FrameBytes = 700; // so that packets begin and end within frames
    private readonly WebApplication _app;
    private readonly int _brokerPort;
    private readonly string _subprotocol;

    private WebSocketRelay(int brokerPort, string subprotocol)
    {
        _brokerPort = brokerPort;
        _subprotocol = subprotocol;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Map(Path, RelayAsync);
    }

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <param name="brokerPort">On loopback.</param>
    /// <param name="subprotocol">What it agrees to; empty for none.</param>
    public static async Task<WebSocketRelay> StartAsync(int brokerPort, string subprotocol)
    {
        var relay = new WebSocketRelay(brokerPort, subprotocol);
        await relay._app.StartAsync();
        return relay;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task RelayAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains("mqtt"))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        using WebSocket client = await context.WebSockets.AcceptWebSocketAsync(_subprotocol.Length > 0 ? _subprotocol : null);
        using var broker = new TcpClient("127.0.0.1", _brokerPort) { NoDelay = true };
        NetworkStream stream = broker.GetStream();
        try
        {
            Task up = PumpUpAsync(client, stream), down = PumpDownAsync(stream, client);
            await await Task.WhenAny(up, down);
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is IOException or WebSocketException)
        {
            // One side vanished; disposing tells the other.
        }
    }

    private static async Task PumpUpAsync(WebSocket from, NetworkStream to)
    {
        byte[] buffer = new byte[FrameBytes];
        while (await from.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: WebSocketMessageType.Binary } received)
            await to.WriteAsync(buffer.AsMemory(0, received.Count));
        to.Socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task PumpDownAsync(NetworkStream from, WebSocket to)
    {
        byte[] buffer = new byte[FrameBytes];
        while (await from.ReadAsync(buffer) is var count and > 0)
            await to.SendAsync(buffer.AsMemory(0, count), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await to.CloseAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None);
    }
}
