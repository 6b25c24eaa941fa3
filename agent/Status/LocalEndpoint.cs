using System.Net;
using System.Text;
using InstantNet.Agent.Durable;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace InstantNet.Agent.Status;

/// <summary>The agent's HTTP endpoint on the loopback address: status for people, metrics for collectors, frames for programs on the device.</summary>
internal sealed partial class LocalEndpoint : IAsyncDisposable
{
    private const int ConnectionsAtOnce = 64;

    private readonly WebApplication _app;
    private readonly LocalRoutes _routes;
    private readonly string _portFile;

    private LocalEndpoint(WebApplication app, LocalRoutes routes, string portFile) => (_app, _routes, _portFile) = (app, routes, portFile);

    /// <summary>Port that is listened on.</summary>
    public int Port { get; private init; }

    /// <summary>Listens, and writes the port to status.port.</summary>
    /// <param name="port">0 for any free one.</param>
    /// <param name="folder">Takes the port file.</param>
    /// <param name="surface">What is offered.</param>
    /// <param name="loggers">For the web server.</param>
    /// <exception cref="EndpointInUseException">Another program has the port.</exception>
    public static async Task<LocalEndpoint> StartAsync(int port, AgentFolder folder, LocalSurface surface, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, StatusJson.Default));
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, port);
            k.AddServerHeader = false;
            k.Limits.MaxConcurrentConnections = ConnectionsAtOnce;
        });
        WebApplication app = builder.Build();
        LocalRoutes routes = new(surface);
        routes.Map(app);
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            routes.Dispose();
            throw new EndpointInUseException(port, e);
        }

        int chosen = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        try
        {
            DurableFile.Write(folder.StatusPort, Encoding.ASCII.GetBytes(chosen.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(loggers.CreateLogger<LocalEndpoint>(), chosen, folder.StatusPort, e.Message);
        }

        return new LocalEndpoint(app, routes, folder.StatusPort) { Port = chosen };
    }

    /// <summary>Finishes running requests and removes the port file.</summary>
    public async ValueTask DisposeAsync()
    {
        File.Delete(_portFile);
        await _app.StopAsync();
        await _app.DisposeAsync();
        _routes.Dispose();
    }

    [LoggerMessage(1401, LogLevel.Warning, "The endpoint listens on port {Port}, but {File} cannot say so: {Reason}")]
    private static partial void LogUnwritten(ILogger log, int port, string file, string reason);
}

/// <summary>Another program listens on the configured port.</summary>
internal sealed class EndpointInUseException(int port, Exception cause)
    : Exception($"Port {port} on 127.0.0.1 is in use by another program; set status.port to another one, or to 0 for any free one.", cause);
