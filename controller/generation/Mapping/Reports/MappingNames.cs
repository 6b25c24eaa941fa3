using System.Globalization;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>What the mappings of one report are called, so that no two are called the same.</summary>
internal sealed class MappingNames(IReadOnlyList<NetworkMapping> mappings)
{
    /// <summary>Network and device class.</summary>
    public string Full(int index) => Numbered(index, m => $"{m.Network} on {m.DeviceClass}");

    /// <summary>As short as tells them apart: a network that all have in common is left out.</summary>
    public string Short(int index) => mappings.All(m => m.Network == mappings[0].Network) ? Numbered(index, m => m.DeviceClass) : Full(index);

    private string Numbered(int index, Func<NetworkMapping, string> name)
    {
        string plain = name(mappings[index]);
        int earlier = mappings.Take(index).Count(m => name(m) == plain);
        return earlier == 0 ? plain : string.Create(CultureInfo.InvariantCulture, $"{plain} ({earlier + 1})");
    }
}
