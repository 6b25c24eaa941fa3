using System.Xml.Linq;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Colour and mark of each expert flow, the same in every section of a report; black is what the search chose, grey the bound.</summary>
internal sealed class FlowMarks
{
    /// <summary>Style of what the search chose.</summary>
    public const string Searched = "searched";

    /// <summary>Style of what no mapping can go below.</summary>
    public const string Bound = "bound";

    private static readonly MarkShape[] Shapes = [MarkShape.Square, MarkShape.Triangle, MarkShape.Diamond, MarkShape.Plus, MarkShape.Cross, MarkShape.Wedge];
    private readonly List<string> _names;

    /// <param name="names">Of flows, or of anything else that is told apart; repeated ones count once.</param>
    public FlowMarks(IEnumerable<string> names) => _names = [.. names.Distinct(StringComparer.Ordinal)];

    /// <summary>In order of appearance.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Style of a flow; the seventh has the first one's colour again, but another mark.</summary>
    public string StyleOf(string flow) => $"flow-{IndexOf(flow) % Shapes.Length}";

    /// <summary>Mark of a flow.</summary>
    public MarkShape ShapeOf(string flow) => Shapes[(IndexOf(flow) + (IndexOf(flow) / Shapes.Length)) % Shapes.Length];

    /// <summary>A flow's mark for a table or legend.</summary>
    public XElement SwatchOf(string flow) => Swatch.Mark(ShapeOf(flow), StyleOf(flow));

    /// <summary>A line that names the marks.</summary>
    public XElement Legend(params object[] before) =>
        Markup.Styled("p", "legend", before, _names.Select(n => Markup.Element("span", SwatchOf(n), n)));

    private int IndexOf(string flow) => Math.Max(0, _names.IndexOf(flow));
}
