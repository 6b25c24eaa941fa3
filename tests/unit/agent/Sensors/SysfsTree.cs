using InstantNet.Agent.Sensors;

namespace InstantNet.Tests.Unit.Agent.Sensors;

/// <summary>A folder in the layout of /sys, with machines as they are found.</summary>
internal sealed class SysfsTree : IDisposable
{
    public const string Package0 = "class/powercap/intel-rapl:0", Package1 = "class/powercap/intel-rapl:1";
    public const string Ina219 = "class/hwmon/hwmon2";
    public const string Battery0 = "class/power_supply/BAT0", Battery1 = "class/power_supply/BAT1";
    private readonly string _path = Directory.CreateTempSubdirectory("sysfs-").FullName;

    public SysfsTree() => Root = new SysfsRoot(_path);

    public SysfsRoot Root { get; }

    public string PathOf(string relative) => Path.Combine(_path, relative);

    public void Dispose() => Directory.Delete(_path, recursive: true);

    /// <summary>Writes an attribute with its line end, into the file that is there if there is one, as the kernel does.</summary>
    public void Set(string file, string value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), value + "\n");
    }

    public void Set(string file, long value) => Set(file, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public void Unplug(string folder) => Directory.Delete(PathOf(folder), recursive: true);

    /// <summary>A laptop of the ThinkPad kind: two batteries that tell energy and power, mains, a mouse with a battery of its own.</summary>
    public SysfsTree WithLaptop()
    {
        Set("class/power_supply/AC/type", "Mains");
        Set("class/power_supply/AC/online", 0);
        Set("class/power_supply/hidpp_battery_0/type", "Battery");
        Set("class/power_supply/hidpp_battery_0/scope", "Device");
        Set("class/power_supply/hidpp_battery_0/capacity", 5);
        EnergyBattery(Battery0, pct: 80, "Discharging", now: 19_200_000, full: 24_000_000, power: 9_500_000);
        EnergyBattery(Battery1, pct: 20, "Not charging", now: 14_400_000, full: 72_000_000, power: 0);
        Set("class/thermal/thermal_zone0/type", "acpitz");
        Set("class/thermal/thermal_zone0/temp", 47_000);
        Set("class/thermal/thermal_zone1/type", "x86_pkg_temp");
        Set("class/thermal/thermal_zone1/temp", 61_500);
        Set("class/thermal/thermal_zone2/type", "iwlwifi_1");
        Set("class/thermal/thermal_zone2/temp", "");
        for (int core = 0; core < 2; core++)
        {
            Set($"devices/system/cpu/cpu{core}/cpufreq/scaling_cur_freq", 1_400_000 + core * 800_000);
            Set($"devices/system/cpu/cpu{core}/cpufreq/cpuinfo_max_freq", 4_600_000);
        }

        return this;
    }

    /// <summary>A Raspberry Pi with a current monitor in its supply, and other chips before it.</summary>
    public SysfsTree WithRaspberryPi()
    {
        Set("class/hwmon/hwmon0/name", "cpu_thermal");
        Set("class/hwmon/hwmon0/temp1_input", 48_700);
        Set("class/hwmon/hwmon1/name", "rpi_volt");
        Set("class/hwmon/hwmon1/in0_lcrit_alarm", 0);
        Set($"{Ina219}/name", "ina219");
        Set($"{Ina219}/in0_input", 52);
        Set($"{Ina219}/in1_input", 5096);
        Set($"{Ina219}/curr1_input", 520);
        Set($"{Ina219}/power1_input", 2_650_000);
        Set("class/thermal/thermal_zone0/type", "cpu-thermal");
        Set("class/thermal/thermal_zone0/temp", 48_686);
        return this;
    }

    /// <summary>A Jetson: one chip with three rails and no power attribute; the other rails hang behind VDD_IN.</summary>
    public SysfsTree WithJetson()
    {
        const string Chip = "class/hwmon/hwmon4";
        Set($"{Chip}/name", "ina3221");
        string[] labels = ["VDD_IN", "VDD_CPU_GPU_CV", "VDD_SOC"];
        for (int rail = 1; rail <= labels.Length; rail++)
        {
            Set($"{Chip}/in{rail}_label", labels[rail - 1]);
            Set($"{Chip}/in{rail}_enable", 1);
            Set($"{Chip}/in{rail}_input", 5000);
            Set($"{Chip}/curr{rail}_input", 1800 / rail);
        }

        return this;
    }

    /// <summary>A server with two processor packages, a part of one, and a platform domain that is no package.</summary>
    public SysfsTree WithServer(long energy = 1_000_000, long range = 262_143_328_850)
    {
        foreach (string package in (ReadOnlySpan<string>)[Package0, Package1])
        {
            Set($"{package}/name", "package-" + package[^1]);
            Set($"{package}/max_energy_range_uj", range);
            Set($"{package}/energy_uj", energy);
        }

        Set("class/powercap/intel-rapl:0:0/name", "core");
        Set("class/powercap/intel-rapl:0:0/max_energy_range_uj", range);
        Set("class/powercap/intel-rapl:0:0/energy_uj", 7);
        Set("class/powercap/intel-rapl/enabled", 1);
        Set("class/powercap/dtpm/enabled", 0);
        return this;
    }

    public void EnergyBattery(string folder, int pct, string status, long now, long full, long power)
    {
        Set($"{folder}/type", "Battery");
        Set($"{folder}/present", 1);
        Set($"{folder}/status", status);
        Set($"{folder}/capacity", pct);
        Set($"{folder}/energy_now", now);
        Set($"{folder}/energy_full", full);
        Set($"{folder}/voltage_now", 11_400_000);
        Set($"{folder}/power_now", power);
    }
}
