using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Controller.Api;
using InstantNet.Controller.Remote;

namespace InstantNet.Controller.Commands;

/// <summary><c>device call</c>: a command to one device, and its answer.</summary>
internal static class DeviceCallCommand
{
    public static Command Create()
    {
        Argument<WireId> device = CommonOptions.IdArgument("device", "Id of the device.");
        Argument<WireId> name = CommonOptions.IdArgument("command", "status, report, hold, end-hold or classify.");
        Option<string?> payload = new("--payload")
        {
            Description = "Arguments, for example '{\"seconds\":600}' for hold or '{\"frame\":\"<base64>\"}' for classify.",
            HelpName = "JSON",
        };
        Option<string> timeout = new("--timeout")
        {
            Description = "How long to wait for the answer; an older command is not carried out.",
            HelpName = "TIME",
            DefaultValueFactory = _ => "10s",
        };
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("call", "Send a command to a device that is online, and print its answer.") { device, name, payload, timeout, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int seconds = SecondsOf(parsed.GetValue(timeout)!);
            using ControllerClient client = new(parsed.GetValue(data)!);
            JsonElement answer = await client.PostTextAsync(
                string.Create(CultureInfo.InvariantCulture, $"devices/{parsed.GetValue(device)}/commands/{parsed.GetValue(name)}?timeoutSeconds={seconds}"),
                parsed.GetValue(payload) ?? "", cancellationToken);
            if (parsed.GetValue(json))
                Output.Json(answer, ApiJson.Default.JsonElement);
            else
                Output.Table(["NAME", "VALUE"], Rows("", answer));
            return CommandLine.Done;
        });
        return command;
    }

    private static int SecondsOf(string text)
    {
        TimeSpan patience = Durations.Parse("--timeout", text);
        return patience.TotalSeconds is >= 1 and <= RemoteModule.MostSeconds
            ? (int)Math.Ceiling(patience.TotalSeconds)
            : throw new ArgumentException($"--timeout is '{text}': 1s to {RemoteModule.MostSeconds}s is accepted.");
    }

    /// <summary>A line for each value, named by its path.</summary>
    private static IEnumerable<string[]> Rows(string path, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(m => Rows(path.Length == 0 ? m.Name : $"{path}.{m.Name}", m.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((v, i) => Rows(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), v)),
        JsonValueKind.Null => [[path, "-"]],
        _ => [[path, value.ToString()]],
    };
}
