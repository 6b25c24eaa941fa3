using InstantNet.Controller.Broker;

namespace InstantNet.Controller.Fleet;

/// <summary>What an enrolment must obey. Pure apart from reading the registry.</summary>
internal static class EnrolmentRules
{
    /// <summary>Most devices in one request.</summary>
    public const int MaxDevices = 10_000;

    private static readonly string[] BatterySources = ["none", "sysfs", "simulated"];

    /// <summary>Every fault, one sentence each; empty when there is none.</summary>
    public static IReadOnlyList<string> Faults(EnrolmentRequest request)
    {
        List<string> faults = [];
        if (request.Ids is not { Count: > 0 and <= MaxDevices } ids)
            faults.Add($"ids is missing or too long: 1 to {MaxDevices} ids are accepted.");
        else if (ids.Any(id => id is null) || ids.Distinct().Count() != ids.Count)
            faults.Add("ids names a device twice, or nothing.");
        else if (ids.FirstOrDefault(id => id.Value.StartsWith(BrokerConfiguration.ReservedPrefix, StringComparison.Ordinal)) is { } reserved)
            faults.Add($"'{reserved}' begins with '{BrokerConfiguration.ReservedPrefix}', which is kept for the controller.");
        if (request.DeviceClass is null)
            faults.Add("deviceClass is missing.");
        if (request.FramesPerSecond is not (> 0 and <= 1000))
            faults.Add($"framesPerSecond is {request.FramesPerSecond}: above 0 to 1000 is accepted.");
        if (!BatterySources.Contains(request.Battery))
            faults.Add($"battery is '{request.Battery}': none, sysfs and simulated are accepted.");
        return faults;
    }

    /// <summary>A sentence naming what is already enrolled; null when nothing is.</summary>
    public static string? Conflict(EnrolmentRequest request, DeviceRegistry registry)
    {
        string taken = string.Join(", ", (request.Ids ?? []).Where(id => registry.TryGet(id, out _)));
        return taken.Length == 0 ? null : $"Already enrolled: {taken}.";
    }
}
