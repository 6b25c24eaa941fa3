using InstantNet.Contracts.Messages;

namespace InstantNet.Controller.Ingest;

/// <summary>What messages of devices must obey beyond being JSON of the right shape. Pure.</summary>
internal static class MessageRules
{
    /// <summary>Longest text that a device may put in a field, characters.</summary>
    public const int MaxText = 2000;

    private const int MaxList = 64;
    private const int MaxWindowMs = 24 * 3600 * 1000;

    /// <summary>First fault as a sentence; null when there is none.</summary>
    public static string? Fault(DeviceState state)
    {
        if (state.V != DeviceState.MessageVersion)
            return $"v is {state.V}.";
        if (state.Epoch < 0 || state.Boot < 0)
            return "epoch or boot is negative.";
        if (state.DeviceClass is null)
            return "deviceClass is missing.";
        return TextFault(state.Agent, "agent") ?? ListFault(state.Caps, "caps");
    }

    /// <inheritdoc cref="Fault(DeviceState)"/>
    public static string? Fault(ReportedTwin twin)
    {
        if (twin.V != ReportedTwin.MessageVersion)
            return $"v is {twin.V}.";
        if (twin.DesiredVersion < 0)
            return "desiredVersion is negative.";
        return ListFault(twin.Faults, "faults")
            ?? (twin.Offered is null or { Count: > MaxList } ? "offered is missing or too long." : null)
            ?? (twin.Measured is null or { Count: > MaxList } || twin.Measured.Any(m => m is null) ? "measured is missing or too long." : null);
    }

    /// <inheritdoc cref="Fault(DeviceState)"/>
    public static string? Fault(JobStatus status)
    {
        if (status.V != JobStatus.MessageVersion)
            return $"v is {status.V}.";
        if (status.Job is null)
            return "job is missing.";
        if (status.Attempt < 1 || status.Ms < 0)
            return "attempt or ms is out of range.";
        if (!Enum.IsDefined(status.State))
            return "state is unknown.";
        if (status.Pct is < 0 or > 100)
            return $"pct is {status.Pct}.";
        return OptionalTextFault(status.Code, "code") ?? OptionalTextFault(status.Detail, "detail");
    }

    /// <inheritdoc cref="Fault(DeviceState)"/>
    public static string? Fault(Alarm alarm)
    {
        if (alarm.V != Alarm.MessageVersion)
            return $"v is {alarm.V}.";
        return TextFault(alarm.Key, "key") ?? TextFault(alarm.Text, "text");
    }

    /// <inheritdoc cref="Fault(DeviceState)"/>
    public static string? Fault(TelemetryBatch batch)
    {
        if (batch.V != TelemetryBatch.MessageVersion)
            return $"v is {batch.V}.";
        if (batch.Seq < 1 || batch.Dropped < 0)
            return "seq or dropped is out of range.";
        if (batch.Samples is not { Count: > 0 and <= TelemetryBatch.MaxSamples } samples)
            return $"samples is missing or holds more than {TelemetryBatch.MaxSamples}.";
        foreach (TelemetrySample sample in samples)
        {
            if (sample is null || sample.Release is null)
                return "a sample or its release is missing.";
            if (sample.WindowMs is < 1 or > MaxWindowMs || sample.Frames < 0 || sample.FramesTotal < 0 || sample.DroppedTotal < 0 || sample.Switches < 0)
                return "a sample has a count out of range.";
            if (sample.Correct is { } correct && (correct < 0 || correct > sample.Frames))
                return "a sample has more right answers than frames.";
            if (sample.BatteryPct is < 0 or > 100)
                return "a sample has a charge outside 0 to 100.";
            if (!Enum.IsDefined(sample.Reason) || !Enum.IsDefined(sample.LatencySource) || !Enum.IsDefined(sample.EnergySource))
                return "a sample has an unknown reason or source.";
            if (OptionalTextFault(sample.Meter, "a sample's meter") is { } fault)
                return fault;
        }

        return null;
    }

    private static string? TextFault(string? text, string name) =>
        string.IsNullOrEmpty(text) ? $"{name} is missing." : OptionalTextFault(text, name);

    private static string? OptionalTextFault(string? text, string name) => text?.Length > MaxText ? $"{name} is longer than {MaxText} characters." : null;

    private static string? ListFault(IReadOnlyList<string>? texts, string name) =>
        texts is null or { Count: > MaxList } || texts.Any(t => t is null || t.Length > MaxText) ? $"{name} is missing or too long." : null;
}
