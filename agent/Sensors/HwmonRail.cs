namespace InstantNet.Agent.Sensors;

/// <summary>One supply rail that a monitoring chip watches: its power, or its current times its voltage.</summary>
internal sealed class HwmonRail : IDisposable
{
    private const long MostMicrowatts = 100_000_000_000;
    private const long MostMilliamperes = 10_000_000;
    private const long MostMillivolts = 1_000_000;
    private const double MicrowattsPerMilliwatt = 1000;
    private readonly SysfsValue? _power;
    private readonly SysfsValue? _current;
    private readonly SysfsValue? _voltage;

    private HwmonRail(string label, SysfsValue? power, SysfsValue? current, SysfsValue? voltage) =>
        (Label, _power, _current, _voltage) = (label, power, current, voltage);

    /// <summary>What the board's description calls it; the chip's name and the channel where it has no name.</summary>
    public string Label { get; }

    /// <summary>Opens a channel.</summary>
    /// <param name="folder">Of the chip.</param>
    /// <param name="chip">Name of the chip.</param>
    /// <param name="channel">From 1.</param>
    /// <returns>Null when the chip has no such channel, it is switched off, or this user may not read it.</returns>
    public static HwmonRail? TryOpen(string folder, string chip, int channel)
    {
        SysfsValue? Open(string name) => SysfsValue.TryOpen(Path.Combine(folder, name));
        string? Label(string name) => SysfsValue.TextOnce(Path.Combine(folder, name));
        if (SysfsValue.ReadOnce(Path.Combine(folder, $"in{channel}_enable"), 0, 1) is { IsValid: true, Value: 0 })
            return null;
        string label = Label($"power{channel}_label") ?? Label($"in{channel}_label") ?? Label($"curr{channel}_label") ?? $"{chip}-{channel}";
        if (Open($"power{channel}_input") is { } power)
            return new HwmonRail(label, power, null, null);
        // An INA2xx has one rail: in0 is the drop over its shunt and in1 the rail, as in1 is the first rail of an INA3221.
        SysfsValue? current = Open($"curr{channel}_input"), voltage = Open($"in{channel}_input");
        if (current is not null && voltage is not null)
            return new HwmonRail(label, null, current, voltage);
        current?.Dispose();
        voltage?.Dispose();
        return null;
    }

    /// <summary>Asks the chip. Allocates nothing.</summary>
    /// <param name="milliwatts">Power; 0 with a fault.</param>
    public SensorFault Read(out double milliwatts)
    {
        milliwatts = 0;
        if (_power is not null)
        {
            SensorNumber power = _power.Read(0, MostMicrowatts);
            milliwatts = power.Value / MicrowattsPerMilliwatt;
            return power.Fault;
        }

        SensorNumber current = _current!.Read(0, MostMilliamperes), voltage = _voltage!.Read(0, MostMillivolts);
        if (current.IsValid && voltage.IsValid)
            milliwatts = current.Value * (voltage.Value / 1000.0);
        return current.IsValid ? voltage.Fault : current.Fault;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _power?.Dispose();
        _current?.Dispose();
        _voltage?.Dispose();
    }
}
