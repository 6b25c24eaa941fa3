using System.Diagnostics;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Api;
using InstantNet.Controller.Broker;
using InstantNet.Controller.Fleet;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InstantNet.Controller.Remote;

/// <summary>Commands of operators to single devices.</summary>
internal static partial class RemoteModule
{
    /// <summary>Longest time that a call waits for its answer, seconds.</summary>
    public const int MostSeconds = 120;

    private const int DefaultSeconds = 10;

    public static IServiceCollection AddRemote(this IServiceCollection services) => services.AddSingleton<CommandCalls>();

    public static void MapRemote(this RouteGroupBuilder api) => api.MapPost("/devices/{id}/commands/{name}", CallAsync).RequireOperator();

    private static async Task<Results<Utf8ContentHttpResult, ProblemHttpResult>> CallAsync(
        string id, string name, int? timeoutSeconds, HttpRequest request, DeviceRegistry registry, CommandCalls calls, ControllerLink controller,
        ILoggerFactory logs, CancellationToken cancellationToken)
    {
        if (!WireId.TryParse(id, out WireId? device) || !registry.TryGet(device, out LiveDevice? live))
            return Problems.NotFound($"There is no device '{id}'.");
        if (!WireId.TryParse(name, out WireId? command))
            return Problems.Invalid($"The command '{name}' is no name: 1 to {CommandMessages.MaxNameLength} of a-z, 0-9, '_' and '-' are accepted.", []);
        if (timeoutSeconds is < 1 or > MostSeconds)
            return Problems.Invalid($"timeoutSeconds is {timeoutSeconds}: 1 to {MostSeconds} is accepted.", []);
        byte[] payload = new byte[CommandMessages.MaxPayloadBytes + 1];
        int length = await request.Body.ReadAtLeastAsync(payload, payload.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > CommandMessages.MaxPayloadBytes)
            return Problems.TooLarge($"A command has at most {CommandMessages.MaxPayloadBytes} bytes.");
        if (length > 0 && !CommandReply.IsJson(payload.AsSpan(0, length)))
            return Problems.Invalid("The body is not JSON.", []);
        if (live.State?.S != Presence.Online)
            return Problems.Conflict($"Device '{id}' is offline.");

        ILogger log = logs.CreateLogger(typeof(RemoteModule));
        string who = $"an operator at {request.HttpContext.Connection.RemoteIpAddress}";
        TimeSpan patience = TimeSpan.FromSeconds(timeoutSeconds ?? DefaultSeconds);
        long began = Stopwatch.GetTimestamp();
        try
        {
            CommandReply? reply = await calls.CallAsync(
                controller.Link, device, new DeviceCommandCall(command, payload[..length]), patience, cancellationToken);
            LogCalled(log, command, device, who, reply?.Status ?? StatusCodes.Status504GatewayTimeout, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            return reply is null
                ? Problems.NoAnswer($"Device '{id}' did not answer '{name}' within {patience.TotalSeconds} s; the command has expired.")
                : TypedResults.Text(reply.Content, reply.ContentType, reply.Status);
        }
        catch (DeviceAwayException)
        {
            LogCalled(log, command, device, who, StatusCodes.Status409Conflict, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            return Problems.Conflict($"Device '{id}' has no connection to the broker.");
        }
    }

    [LoggerMessage(702, LogLevel.Information, "Command {Name} to {Device} by {Who}: {Status} after {Ms} ms.")]
    private static partial void LogCalled(ILogger log, WireId name, WireId device, string who, int status, long ms);
}
