using System.Text.Json;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Releases;
using InstantNet.Controller.Remote;
using InstantNet.Controller.Rollouts;
using InstantNet.Controller.Twins;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace InstantNet.Controller.Api;

/// <summary>What all endpoints share, and the ones that belong to no slice.</summary>
internal static class ApiModule
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton<OperatorToken>();
        services.AddSingleton<EventStream>();
        services.AddSingleton<FleetMetrics>();
        services.AddSingleton<ControllerMetrics>();
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddProblemDetails(options => options.CustomizeProblemDetails = SayWhatIsWrong);
        // A page elsewhere must not read the fleet through a name that it points at this machine.
        services.AddHostFiltering(options => options.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
        return services;
    }

    public static void MapApi(this WebApplication app)
    {
        app.UseHostFiltering();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = StatusOf,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages();
        app.Use(SendSecurityHeaders);
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.UseRouting();
        app.UseOperatorToken(app.Services.GetRequiredService<OperatorToken>());

        RouteGroupBuilder api = app.MapGroup("/api/v1");
        api.MapFleet();
        api.MapTwins();
        api.MapRemote();
        api.MapReleases();
        api.MapRollouts();
        api.MapGet("/stream", (EventStream stream, CancellationToken cancellationToken) =>
            TypedResults.ServerSentEvents(stream.WatchAsync(cancellationToken)));
        app.MapGet("/healthz", Health);
        app.MapGet("/metrics", (ControllerMetrics metrics) => TypedResults.Text(metrics.Text(), "text/plain; version=0.0.4"));
    }

    private static JsonHttpResult<HealthView> Health(ControllerLink controller, DeviceRegistry registry)
    {
        bool well = controller.Link.Status.IsConnected;
        return TypedResults.Json(
            new HealthView(well ? "ok" : "degraded", controller.Link.Status.Sentence, registry.Count), ApiJson.Default.HealthView,
            statusCode: well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static void SayWhatIsWrong(ProblemDetailsContext context)
    {
        if (context.Exception is BadHttpRequestException bad)
            context.ProblemDetails.Detail = bad.InnerException is JsonException json ? $"The body is not the JSON expected: {json.Message}" : bad.Message;
    }

    private static int StatusOf(Exception e) => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;

    private static Task SendSecurityHeaders(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        return next(context);
    }
}
