namespace InstantNet.Agent.Sensors;

/// <summary>One battery below power_supply, its attributes kept open. Thread safe.</summary>
internal sealed class BatterySupply : IDisposable
{
    // A container of batteries holds some MWh; a microwatt-hour count beyond it, or a gigavolt, is a driver's sentinel.
    private const long MostEnergy = 10_000_000_000_000;
    private const long MostFlow = 1_000_000_000_000;
    private const long MostVoltage = 2_000_000_000;
    private readonly List<SysfsValue> _opened = [];
    private readonly SysfsValue? _present;
    private readonly SysfsValue? _status;
    private readonly SysfsValue? _capacity;
    private readonly (SysfsValue? Now, SysfsValue? Full) _energy;
    private readonly (SysfsValue? Now, SysfsValue? Full) _charge;
    private readonly (SysfsValue? Voltage, SysfsValue? Power, SysfsValue? Current) _flow;

    private BatterySupply(string folder)
    {
        Name = Path.GetFileName(folder);
        _present = Open(folder, "present");
        _status = Open(folder, "status");
        _capacity = Open(folder, "capacity");
        _energy = (Open(folder, "energy_now"), Open(folder, "energy_full"));
        _charge = (Open(folder, "charge_now"), Open(folder, "charge_full"));
        _flow = (Open(folder, "voltage_now"), Open(folder, "power_now"), Open(folder, "current_now"));
    }

    /// <summary>What the kernel calls it.</summary>
    public string Name { get; }

    /// <summary>Opens a supply; null when it is no battery of this machine (mains, or the battery of a mouse).</summary>
    public static BatterySupply? TryOpen(string folder) =>
        SysfsValue.TextOnce(Path.Combine(folder, "type")) == "Battery" && SysfsValue.TextOnce(Path.Combine(folder, "scope")) != "Device"
            ? new BatterySupply(folder)
            : null;

    /// <summary>Asks the driver. Allocates nothing.</summary>
    public SupplyReading Read()
    {
        if (_present?.Read(0, 1) is { IsValid: true, Value: 0 })
            return new SupplyReading(default, Charging: false, Discharging: false, SensorFault.Absent);
        SensorNumber capacity = Number(_capacity, 0, 100);
        PowerAttributes said = new(
            capacity, Number(_energy.Now, 0, MostEnergy), Number(_energy.Full, 0, MostEnergy),
            Number(_charge.Now, 0, MostEnergy), Number(_charge.Full, 0, MostEnergy),
            Number(_flow.Voltage, 0, MostVoltage), Number(_flow.Power, -MostFlow, MostFlow), Number(_flow.Current, -MostFlow, MostFlow));
        SensorFault fault = said.Pct is not null ? SensorFault.None : capacity.Fault;
        return new SupplyReading(said, _status?.Is("Charging"u8) ?? false, _status?.Is("Discharging"u8) ?? false, fault);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SysfsValue value in _opened)
            value.Dispose();
    }

    private static SensorNumber Number(SysfsValue? value, long least, long most) =>
        value?.Read(least, most) ?? SensorNumber.Failed(SensorFault.Absent);

    private SysfsValue? Open(string folder, string attribute)
    {
        SysfsValue? value = SysfsValue.TryOpen(Path.Combine(folder, attribute));
        if (value is not null)
            _opened.Add(value);
        return value;
    }
}

/// <summary>One battery at one moment.</summary>
/// <param name="Said">What its driver said.</param>
/// <param name="Charging">Whether the status is Charging.</param>
/// <param name="Discharging">Whether the status is Discharging.</param>
/// <param name="Fault">Why its charge is not known.</param>
internal readonly record struct SupplyReading(PowerAttributes Said, bool Charging, bool Discharging, SensorFault Fault);
