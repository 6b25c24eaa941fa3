using System.Globalization;
using System.Net;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Api;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Ingest;
using InstantNet.Controller.Jobs;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Remote;
using InstantNet.Controller.Rollouts;
using InstantNet.Controller.Storage;
using InstantNet.Controller.Telemetry;
using InstantNet.Controller.Twins;
using Serilog;

namespace InstantNet.Controller.Hosting;

/// <summary>One controller: data folder, broker, slices, web server. Started once, disposed once.</summary>
internal sealed class ControllerHost : IAsyncDisposable
{
    private const long MaxRequestBytes = 1024 * 1024;
    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly Serilog.Core.Logger _logger;
    private readonly int _httpPort;

    private ControllerHost(WebApplication app, DataFolder folder, Serilog.Core.Logger logger, int httpPort)
    {
        _httpPort = httpPort;
        _app = app;
        _folder = folder;
        _logger = logger;
    }

    /// <summary>Everything the slices registered.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Where the web server listens, once started.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Puts a controller together; nothing listens yet.</summary>
    /// <exception cref="StartRefusedException">The data folder or the database cannot be used.</exception>
    public static ControllerHost Build(ControllerOptions options) => Build(options, _ => { });

    /// <summary>The same, with a last word on what runs.</summary>
    public static ControllerHost Build(ControllerOptions options, Action<IServiceCollection> alter)
    {
        DataFolder folder = new(options.DataPath);
        folder.Prepare();
        Serilog.Core.Logger logger = ControllerLog.Create(folder);
        try
        {
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
            {
                ContentRootPath = AppContext.BaseDirectory,
                WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
            });
            builder.Logging.ClearProviders().AddSerilog(logger);
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(IPAddress.Loopback, options.HttpPort);
                kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
                kestrel.AddServerHeader = false;
            });
            AddSlices(builder.Services, folder, options);
            alter(builder.Services);
            WebApplication app = builder.Build();
            app.MapApi();
            return new ControllerHost(app, folder, logger, options.HttpPort);
        }
        catch
        {
            logger.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Starts everything in order; when it returns, devices and operators can connect.</summary>
    /// <exception cref="StartRefusedException">The broker or the web server cannot start.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoopbackPort.ThrowIfInUseAsync(_httpPort, "--port", cancellationToken);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartRefusedException($"The web server cannot start: {e.Message}", e);
        }

        PrivateFile.Write(_folder.HttpPort, Address.Port.ToString(CultureInfo.InvariantCulture) + "\n");
    }

    /// <summary>Returns when the process is asked to end, or the token is cancelled.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        File.Delete(_folder.HttpPort);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _logger.DisposeAsync();
        _folder.Dispose();
    }

    // Hosted services start in the order of these lines and stop in the reverse one.
    private static void AddSlices(IServiceCollection services, DataFolder folder, ControllerOptions options)
    {
        services.AddSingleton(folder);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new Topics(options.Tenant));
        services.AddStorage(folder);
        services.AddBroker(options.BrokerPort);
        services.AddReleases();
        services.AddFleet();
        services.AddTwins();
        services.AddRemote();
        services.StartBroker();
        services.AddIngest();
        services.StartLinks();
        services.AddJobs();
        services.AddRollouts();
        services.AddTelemetry();
        services.AddApi();
    }
}
