using System.CommandLine;
using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Controller.Api;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Twins;

namespace InstantNet.Controller.Commands;

/// <summary><c>policy set</c>, <c>policy show</c> and <c>policy simulate</c>.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Say how devices choose their precision, and try it on a battery trace.") { Set(), Show(), PolicySimulateCommand.Create() };

    private static Command Set()
    {
        Option<WireId[]> devices = CommonOptions.Ids("--device", "Only these devices; all when left out.");
        Option<WireId[]> classes = CommonOptions.Ids("--class", "Only devices of these classes.");
        Option<string?> file = new("--file") { Description = "Policy document, JSON; - reads standard input.", HelpName = "FILE" };
        Option<int?> pin = Bits("--pin", "Hold this precision, bits.");
        Option<int?> min = Bits("--min", "Never below, bits.");
        Option<int?> max = Bits("--max", "Never above, bits.");
        Option<double?> energy = new("--joules-per-hour") { Description = "Energy that inference may take." };
        Option<string?> until = new("--last-until") { Description = "Spread the battery until its next charge: a time of day (UTC), or an instant.", HelpName = "TIME" };
        Option<double?> latency = new("--p95-ms") { Description = "Latency that inference may take." };
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("set", "Push a policy: from a file, or the standard one with these changes.")
        {
            devices, classes, file, pin, min, max, energy, until, latency, data, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            PrecisionPolicy policy = parsed.GetValue(file) is { } path ? Read(path) : PrecisionPolicy.Default with
            {
                Mode = parsed.GetValue(pin) is null ? PolicyMode.Auto : PolicyMode.Pin,
                Pin = Precision(parsed.GetValue(pin)),
                Min = Precision(parsed.GetValue(min)),
                Max = Precision(parsed.GetValue(max)),
                Budget = BudgetOf(parsed.GetValue(energy), parsed.GetValue(until)),
                Slo = parsed.GetValue(latency) is { } p95 ? new LatencyObjective(p95) : null,
            };
            using ControllerClient client = new(parsed.GetValue(data)!);
            PolicyForMany request = new(policy, NullIfEmpty(parsed.GetValue(devices)), NullIfEmpty(parsed.GetValue(classes)));
            PolicyAccepted accepted = await client.SendAsync(
                HttpMethod.Put, "policy", request, ApiJson.Default.PolicyForMany, ApiJson.Default.PolicyAccepted, cancellationToken);
            if (parsed.GetValue(json))
                Output.Json(accepted, ApiJson.Default.PolicyAccepted);
            else
                Console.Out.WriteLine($"Stored for {accepted.Devices} devices, version up to {accepted.Version}; 'policy show' tells who applied it.");
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Show()
    {
        Argument<WireId> id = CommonOptions.IdArgument("device", "Device.");
        Option<string> data = CommonOptions.Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("show", "Show a device's policy and whether it applied it.") { id, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using ControllerClient client = new(parsed.GetValue(data)!);
            DeviceView device = await client.GetAsync($"devices/{parsed.GetRequiredValue(id)}", ApiJson.Default.DeviceView, cancellationToken);
            if (parsed.GetValue(json))
            {
                Output.Json(device, ApiJson.Default.DeviceView);
                return CommandLine.Done;
            }

            Console.Out.WriteLine($"{device.Id}: version {device.DesiredVersion} desired, {device.ReportedVersion} answered, runs at {device.Bits?.ToString() ?? "nothing"} ({device.Reason?.ToString() ?? "-"}).");
            foreach (string fault in device.PolicyFaults)
                Console.Out.WriteLine($"  refused: {fault}");
            Console.Out.WriteLine(device.Policy is null ? "The device's own standard policy holds." : JsonSerializer.Serialize(device.Policy, ApiJson.Indented.PrecisionPolicy));
            return CommandLine.Done;
        });
        return command;
    }

    private static PrecisionPolicy Read(string path)
    {
        IReadOnlyList<string> faults;
        PrecisionPolicy? policy;
        try
        {
            faults = PolicyDocument.Read(path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path), out policy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} is no policy: {e.Message}", e);
        }

        return policy ?? throw new CommandFailedException($"{path} is no policy: {string.Join(' ', faults)}");
    }

    private static EnergyBudget? BudgetOf(double? joulesPerHour, string? lastUntil)
    {
        if (lastUntil is null)
            return joulesPerHour is null ? null : new EnergyBudget(joulesPerHour);
        return LastUntil.TryParse(lastUntil, out LastUntil? until)
            ? new EnergyBudget(joulesPerHour, until)
            : throw new CommandFailedException($"--last-until is '{lastUntil}': {LastUntil.Accepted}.");
    }

    private static Option<int?> Bits(string name, string description)
    {
        Option<int?> option = new(name) { Description = description, HelpName = "BITS" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < Contracts.Precision.MinBits or > Contracts.Precision.MaxBits)
                result.AddError($"{name} takes {Contracts.Precision.MinBits} to {Contracts.Precision.MaxBits} bits.");
        });
        return option;
    }

    private static Precision? Precision(int? bits) => bits is { } value ? new Precision(value) : null;

    private static WireId[]? NullIfEmpty(WireId[]? ids) => ids is { Length: > 0 } ? ids : null;
}
