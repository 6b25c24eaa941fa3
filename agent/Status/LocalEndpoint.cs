using System.Net;
using System.Text;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace InstantNet.Agent.Status;

/// <summary>The agent's HTTP endpoint on the loopback address: status for people, metrics for collectors, frames for programs on the device.</summary>
internal sealed class LocalEndpoint : IAsyncDisposable
{
    private const int MaxFrameBytes = 16 * 1024 * 1024;
    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";

    private readonly WebApplication _app;
    private readonly string _portFile;

    private LocalEndpoint(WebApplication app, string portFile) => (_app, _portFile) = (app, portFile);

    /// <summary>Asks what serves for the class of one frame; null when nothing serves.</summary>
    public delegate Task<Classification?> Classifier(ReadOnlyMemory<byte> pixels, CancellationToken cancellationToken);

    /// <summary>Port that is listened on.</summary>
    public int Port { get; private init; }

    /// <summary>Listens, and writes the port to status.port.</summary>
    /// <param name="port">0 for any free one.</param>
    /// <param name="folder">Takes the port file.</param>
    /// <param name="status">Makes the status of the moment.</param>
    /// <param name="classify">Answers frames.</param>
    /// <param name="loggers">For the web server.</param>
    /// <exception cref="EndpointInUseException">Another program has the port.</exception>
    public static async Task<LocalEndpoint> StartAsync(
        int port, AgentFolder folder, Func<AgentStatus> status, Classifier classify, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, StatusJson.Default));
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, port);
            k.AddServerHeader = false;
            k.Limits.MaxRequestBodySize = MaxFrameBytes;
        });
        WebApplication app = builder.Build();
        app.MapGet("/status", () => TypedResults.Json(status(), StatusJson.Default.AgentStatus));
        app.MapGet("/metrics", () => TypedResults.Text(StatusMetrics.Write(status()), PrometheusText, Encoding.UTF8));
        app.MapPost("/frame", (HttpRequest request, CancellationToken stop) => ClassifyAsync(request, classify, stop));
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw new EndpointInUseException(port, e);
        }

        int chosen = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        DurableFile.Write(folder.StatusPort, Encoding.ASCII.GetBytes(chosen.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return new LocalEndpoint(app, folder.StatusPort) { Port = chosen };
    }

    /// <summary>Finishes running requests and removes the port file.</summary>
    public async ValueTask DisposeAsync()
    {
        File.Delete(_portFile);
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<IResult> ClassifyAsync(HttpRequest request, Classifier classify, CancellationToken stop)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body, stop);
        try
        {
            Classification? answer = await classify(body.GetBuffer().AsMemory(0, (int)body.Length), stop);
            return answer is null
                ? TypedResults.Problem("No release serves yet.", statusCode: StatusCodes.Status503ServiceUnavailable)
                : TypedResults.Json(answer, StatusJson.Default.Classification);
        }
        catch (ArgumentException e)
        {
            string sentence = e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
            return TypedResults.Problem(sentence, statusCode: StatusCodes.Status400BadRequest);
        }
    }
}

/// <summary>Another program listens on the configured port.</summary>
internal sealed class EndpointInUseException(int port, Exception cause)
    : Exception($"Port {port} on 127.0.0.1 is in use by another program; set status.port to another one, or to 0 for any free one.", cause);
