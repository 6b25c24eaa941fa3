using System.CommandLine;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Api;

namespace InstantNet.Controller.Commands;

/// <summary><c>telemetry tail</c>.</summary>
internal static class TelemetryCommand
{
    public static Command Create() => new("telemetry", "Watch what devices measure.") { Tail() };

    private static Command Tail()
    {
        Option<WireId?> device = CommonOptions.Id("--device", "Only this device.");
        Option<int> count = new("--count") { Description = "Stop after so many samples; 0 goes on until Ctrl-C.", DefaultValueFactory = _ => 0 };
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("tail", "Print samples as they are stored.") { device, count, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ControllerClient client = new(parsed.GetValue(data)!);
            await using Stream stream = await client.StreamAsync(cancellationToken);
            int left = parsed.GetValue(count);
            await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
            {
                if (item.EventType != "telemetry")
                    continue;
                TelemetryEvent sample = JsonSerializer.Deserialize(item.Data, ApiJson.Default.TelemetryEvent)!;
                if (parsed.GetValue(device) is { } only && sample.Device != only)
                    continue;
                Console.Out.WriteLine(parsed.GetValue(json) ? item.Data : Line(sample));
                if (left > 0 && --left == 0)
                    break;
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static string Line(TelemetryEvent e)
    {
        TelemetrySample s = e.Sample;
        string battery = s.BatteryPct is { } pct ? string.Create(CultureInfo.InvariantCulture, $"  battery {pct:0.0} %") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{s.Ts:HH:mm:ss.fff}  {e.Device}  {s.Bits} ({s.Reason})  {s.Frames} frames  p95 {s.LatencyP95Ms:0.00} ms  {s.EnergyMj:0.000} mJ ({s.EnergySource}){battery}");
    }
}
