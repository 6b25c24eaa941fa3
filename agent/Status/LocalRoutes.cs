using System.Globalization;
using System.Text;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Inference;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Status;

/// <summary>The routes of the local endpoint. Every refusal is a problem document (RFC 9457) with one sentence.</summary>
/// <param name="surface">What is offered.</param>
internal sealed class LocalRoutes(LocalSurface surface) : IDisposable
{
    /// <summary>Frames that are answered or wait at one time; each holds its bytes in memory.</summary>
    public const int FramesAtOnce = 16;

    private const string PrometheusText = "text/plain; version=0.0.4; charset=utf-8";
    private const string Offered = "GET /status, /metrics, /policy, /sensors, /hold; POST /frame, /hold; DELETE /hold";

    private readonly SemaphoreSlim _frames = new(FramesAtOnce);

    /// <summary>Adds them.</summary>
    public void Map(WebApplication app)
    {
        app.Use(RefuseStrangersAsync);
        app.MapGet("/status", () => TypedResults.Json(surface.Status(), StatusJson.Default.AgentStatus));
        app.MapGet("/metrics", () => TypedResults.Text(StatusMetrics.Write(surface.Status(), surface.Sensors()), PrometheusText, Encoding.UTF8));
        app.MapGet("/policy", () => TypedResults.Json(surface.Policy(), StatusJson.Default.PolicyStatus));
        app.MapGet("/sensors", () => TypedResults.Json(surface.Sensors(), StatusJson.Default.IReadOnlyListSensorLine));
        app.MapGet("/hold", HoldNow);
        app.MapPost("/hold", (HttpRequest request) => Hold(request.Query["seconds"]));
        app.MapDelete("/hold", EndHold);
        app.MapPost("/frame", (HttpRequest request, CancellationToken stop) => ClassifyAsync(request, stop));
        app.MapFallback(() => Problem(StatusCodes.Status404NotFound, $"There is no such thing here; there are {Offered}."));
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();

    /// <summary>A web page in a browser on this device can send requests to the loopback address, but not without an Origin or under its own host.</summary>
    private static Task RefuseStrangersAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Host.Host is "127.0.0.1" or "localhost" && context.Request.Headers.Origin.Count == 0)
            return next(context);
        return Problem(StatusCodes.Status403Forbidden, "This endpoint is for programs on this device, not for web pages.").ExecuteAsync(context);
    }

    private JsonHttpResult<HoldStatus> HoldNow()
    {
        DateTimeOffset? until = surface.Hold.Until;
        return TypedResults.Json(new HoldStatus(until is not null, until), StatusJson.Default.HoldStatus);
    }

    private IResult Hold(string? seconds)
    {
        int longest = (int)ActivationHold.LongestLease.TotalSeconds, lease = (int)ActivationHold.Lease.TotalSeconds;
        if (seconds is not null && (!int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out lease) || lease < 1 || lease > longest))
            return Problem(StatusCodes.Status400BadRequest, $"seconds is '{seconds}': 1 to {longest} is accepted.");
        return OnDisk(() => surface.Hold.Hold(TimeSpan.FromSeconds(lease)));
    }

    private IResult EndHold() => OnDisk(surface.Hold.End);

    private IResult OnDisk(Action change)
    {
        try
        {
            change();
            return HoldNow();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problem(StatusCodes.Status507InsufficientStorage, $"The disk refuses: {e.Message}");
        }
    }

    private async Task<IResult> ClassifyAsync(HttpRequest request, CancellationToken stop)
    {
        if (!_frames.Wait(0, CancellationToken.None))
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
            return Problem(StatusCodes.Status429TooManyRequests, $"{FramesAtOnce} frames wait already.");
        }

        try
        {
            FrameShape shape = surface.Frames.Shape;
            byte[] pixels = new byte[shape.Bytes + 1];
            int length = await request.Body.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, stop);
            if (length > shape.Bytes)
                return Problem(StatusCodes.Status413PayloadTooLarge, $"A frame of {shape} has {shape.Bytes} bytes; more were sent.");
            Classification? answer = await surface.Frames.ClassifyAsync(pixels.AsMemory(0, length), stop);
            return answer is null
                ? Problem(StatusCodes.Status503ServiceUnavailable, "No release serves yet.")
                : TypedResults.Json(answer, StatusJson.Default.Classification);
        }
        catch (ArgumentException e)
        {
            return Problem(StatusCodes.Status400BadRequest, e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal));
        }
        catch (BadHttpRequestException e)
        {
            return Problem(e.StatusCode, e.Message);
        }
        catch (OnnxRuntimeException e)
        {
            return Problem(StatusCodes.Status500InternalServerError, $"The network failed on this frame: {e.Message}");
        }
        finally
        {
            _frames.Release();
        }
    }

    private static ProblemHttpResult Problem(int status, string sentence) => TypedResults.Problem(sentence, statusCode: status);
}
