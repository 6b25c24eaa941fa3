using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Status;
using InstantNet.Contracts.Messages;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Remote;

/// <summary>The commands of this agent. Thread safe.</summary>
/// <param name="surface">What programs on the device may ask, too.</param>
/// <param name="report">Closes the telemetry window and reports the twin; returns the batches that wait.</param>
internal sealed class CommandDesk(LocalSurface surface, Func<long> report) : ICommandDesk
{
    /// <summary>Names, for sentences about unknown ones.</summary>
    public const string Names = "status, report, hold, end-hold, classify";

    /// <inheritdoc/>
    public async ValueTask<CommandAnswer> AnswerAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (payload.Length > CommandMessages.MaxPayloadBytes)
            return CommandAnswer.Problem(413, $"The payload has {payload.Length} bytes: at most {CommandMessages.MaxPayloadBytes} are accepted.");
        try
        {
            switch (name)
            {
                case "status":
                    Read(payload, CommandJson.Default.NoArguments);
                    return CommandAnswer.Of(200, surface.Status(), StatusJson.Default.AgentStatus);
                case "report":
                    Read(payload, CommandJson.Default.NoArguments);
                    return CommandAnswer.Of(202, new ReportBegun(report()), CommandJson.Default.ReportBegun);
                case "hold":
                    return Hold(Read(payload, CommandJson.Default.HoldArguments).Seconds ?? (int)ActivationHold.Lease.TotalSeconds);
                case "end-hold":
                    Read(payload, CommandJson.Default.NoArguments);
                    surface.Hold.End();
                    return HoldNow();
                case "classify":
                    return await ClassifyAsync(Read(payload, CommandJson.Default.ClassifyArguments).Frame, cancellationToken);
                default:
                    return CommandAnswer.Problem(404, $"There is no command '{name}'; there are {Names}.");
            }
        }
        catch (JsonException)
        {
            return CommandAnswer.Problem(400, $"The payload of '{name}' is not the JSON that this command accepts.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CommandAnswer.Problem(507, $"The disk refuses: {e.Message}");
        }
    }

    private static T Read<T>(ReadOnlyMemory<byte> payload, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(payload.IsEmpty ? "{}"u8 : payload.Span, type) ?? throw new JsonException();

    private CommandAnswer Hold(int seconds)
    {
        int longest = (int)ActivationHold.LongestLease.TotalSeconds;
        if (seconds < 1 || seconds > longest)
            return CommandAnswer.Problem(400, $"seconds is {seconds}: 1 to {longest} is accepted.");
        surface.Hold.Hold(TimeSpan.FromSeconds(seconds));
        return HoldNow();
    }

    private CommandAnswer HoldNow()
    {
        DateTimeOffset? until = surface.Hold.Until;
        return CommandAnswer.Of(200, new HoldStatus(until is not null, until), StatusJson.Default.HoldStatus);
    }

    private async Task<CommandAnswer> ClassifyAsync(byte[] frame, CancellationToken cancellationToken)
    {
        FrameShape shape = surface.Frames.Shape;
        if (frame.Length != shape.Bytes)
            return CommandAnswer.Problem(400, $"frame has {frame.Length} bytes: a frame of {shape} has {shape.Bytes}.");
        try
        {
            return await surface.Frames.ClassifyAsync(frame, cancellationToken) is { } answer
                ? CommandAnswer.Of(200, answer, StatusJson.Default.Classification)
                : CommandAnswer.Problem(503, "No release serves yet.");
        }
        catch (Exception e) when (e is OnnxRuntimeException or ArgumentException)
        {
            return CommandAnswer.Problem(500, $"The network failed on this frame: {e.Message}");
        }
    }
}
