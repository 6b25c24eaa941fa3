using System.CommandLine;
using System.Globalization;
using InstantNet.Contracts;
using InstantNet.Controller.Api;
using InstantNet.Controller.Fleet;

namespace InstantNet.Controller.Commands;

/// <summary><c>device add</c>, <c>device list</c> and <c>device call</c>.</summary>
internal static class DeviceCommand
{
    private const double DefaultFramesPerSecond = 20;

    public static Command Create() => new("device", "Enrol, list and command devices.") { Add(), List(), DeviceCallCommand.Create() };

    private static Command Add()
    {
        Argument<WireId[]> ids = CommonOptions.IdArguments("device", "Ids of the new devices.");
        Option<WireId?> deviceClass = CommonOptions.Id("--class", "Device class, for example eyeriss-168.");
        deviceClass.Required = true;
        Option<string?> frames = new("--frames") { Description = "File of frames that the agents read.", HelpName = "FILE" };
        Option<double> perSecond = new("--fps") { Description = "Frames due per second.", DefaultValueFactory = _ => DefaultFramesPerSecond };
        Option<string> battery = new("--battery") { Description = "Where the charge comes from.", DefaultValueFactory = _ => "none" };
        battery.AcceptOnlyFromAmong("none", "sysfs", "simulated");
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("add", "Enrol devices: each gets a password and a configuration file for its agent.")
        {
            ids, deviceClass, frames, perSecond, battery, data, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ControllerClient client = new(parsed.GetValue(data)!);
            string? path = parsed.GetValue(frames) is { } file ? Path.GetFullPath(file) : null;
            EnrolmentRequest request = new(
                parsed.GetRequiredValue(ids), parsed.GetValue(deviceClass), path, parsed.GetValue(perSecond), parsed.GetValue(battery)!);
            EnrolledDevice[] enrolled = await client.SendAsync(
                HttpMethod.Post, "devices", request, ApiJson.Default.EnrolmentRequest, ApiJson.Default.EnrolledDeviceArray, cancellationToken);
            if (parsed.GetValue(json))
                Output.Json(enrolled, ApiJson.Default.EnrolledDeviceArray);
            else
                Output.Table(["DEVICE", "START ITS AGENT WITH"], enrolled.Select(d => new[] { d.Id.Value, $"--config {d.AgentConfiguration}" }));
            return CommandLine.Done;
        });
        return command;
    }

    private static Command List()
    {
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("list", "List devices and how they are.") { data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ControllerClient client = new(parsed.GetValue(data)!);
            DeviceView[] devices = await client.GetAsync("devices", ApiJson.Default.DeviceViewArray, cancellationToken);
            if (parsed.GetValue(json))
                Output.Json(devices, ApiJson.Default.DeviceViewArray);
            else
                Output.Table(["DEVICE", "CLASS", "STATE", "RELEASE", "BITS", "REASON", "BATTERY", "JOB"], devices.Select(Row));
            return CommandLine.Done;
        });
        return command;
    }

    private static string[] Row(DeviceView d) =>
    [
        d.Id.Value, d.DeviceClass.Value, d.Online ? "online" : "offline", d.Release?.Value ?? "-", d.Bits?.Bits.ToString(CultureInfo.InvariantCulture) ?? "-",
        d.Reason?.ToString() ?? "-", d.BatteryPct is { } pct ? string.Create(CultureInfo.InvariantCulture, $"{pct:0} %") : "-", d.Execution?.State.ToString() ?? "-",
    ];
}
