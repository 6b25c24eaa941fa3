using System.Xml.Linq;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Colour of each memory level, by its place from the outside: the outermost memory looks the same for every device class.</summary>
internal sealed class LevelColours
{
    /// <summary>Style of the multiply-accumulate array.</summary>
    public const string Mac = "mac";

    /// <summary>Name of the multiply-accumulate array.</summary>
    public const string MacName = "MAC array";

    private readonly List<string> _names;

    /// <param name="mapping">Whose levels are shown.</param>
    public LevelColours(NetworkMapping mapping) => _names =
    [
        .. mapping.Precisions.SelectMany(p => p.Layers).SelectMany(l => l.Searched.Breakdown.Levels).Select(l => l.Level).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Outermost first.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Style of a level, one per level that an architecture may have.</summary>
    public string Of(string level) => $"level-{Math.Max(0, _names.IndexOf(level)) % Architecture.MaxLevels}";

    /// <summary>A line that names the colours, and the mark of the bound.</summary>
    public XElement Legend() => Markup.Styled(
        "p", "legend", Entry(Mac, MacName), _names.Select(n => Entry(Of(n), n)),
        Markup.Element("span", Swatch.Tick("bound"), "bound: what no mapping on the engine can go below"));

    private static XElement Entry(string style, string name) => Markup.Element("span", Swatch.Box(style), name);
}
