namespace InstantNet.Agent.Sensors;

/// <summary>Where Linux shows its devices. Every path of a sensor begins here, so that a test can put a folder in its place.</summary>
/// <remarks>Source: Linux kernel documentation, ABI/testing/sysfs-class-* and admin-guide/sysfs-rules.</remarks>
/// <param name="path">Usually <see cref="Default"/>.</param>
internal sealed class SysfsRoot(string path)
{
    /// <summary>Where Linux shows them.</summary>
    public const string Default = "/sys";

    /// <summary>Batteries and mains.</summary>
    public string PowerSupplies { get; } = Path.Combine(path, "class", "power_supply");

    /// <summary>Energy counters of processors.</summary>
    public string Powercap { get; } = Path.Combine(path, "class", "powercap");

    /// <summary>Monitoring chips.</summary>
    public string Hwmon { get; } = Path.Combine(path, "class", "hwmon");

    /// <summary>Temperatures.</summary>
    public string Thermal { get; } = Path.Combine(path, "class", "thermal");

    /// <summary>Processor cores.</summary>
    public string Processors { get; } = Path.Combine(path, "devices", "system", "cpu");

    /// <summary>Devices of a class in the order of their names; none when the class is missing or vanishes meanwhile.</summary>
    public static IReadOnlyList<string> Devices(string folder, string pattern = "*")
    {
        try
        {
            string[] found = Directory.GetFileSystemEntries(folder, pattern);
            Array.Sort(found, CompareNames);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // "hwmon10" comes after "hwmon9".
    private static int CompareNames(string a, string b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
}
