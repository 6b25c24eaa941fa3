using System.Globalization;
using System.Xml.Linq;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>A report of mapped networks for people: one HTML file that needs nothing else, on screen or on paper. Stateless.</summary>
public static class MappingHtml
{
    // Paper cannot be clicked on: the layers of every precision are opened. It holds no character that XML would escape.
    private const string PrintScript =
        "addEventListener('beforeprint', function () { document.querySelectorAll('details.layers').forEach(function (d) { d.open = true; }); });";

    /// <summary>Writes the report.</summary>
    /// <param name="mappings">A section each, in their order; when there are several, a comparison stands before them.</param>
    /// <returns>HTML that is well-formed XML too; the same mappings give the same text.</returns>
    public static string Of(IReadOnlyList<NetworkMapping> mappings)
    {
        ArgumentNullException.ThrowIfNull(mappings);
        MappingNames names = new(mappings);
        string title = string.Join(", ", mappings.Select(m => m.Network).Distinct(StringComparer.Ordinal)) + ": dataflows";
        FlowMarks flows = new(mappings.SelectMany(m => m.Precisions).SelectMany(p => p.Experts).Select(e => e.Flow));
        return ReportPage.Of(
            title, PrintScript, mappings.Count > 1 ? Comparison([.. mappings.Select((m, i) => (names.Short(i), m))]) : null,
            mappings.Select((m, i) => new MappingSection(m, flows).Element(Anchor(i), names.Full(i))));
    }

    private static XElement Comparison((string Name, NetworkMapping Mapping)[] named)
    {
        FlowMarks marks = new(named.Select(n => n.Name));
        return Markup.Element(
            "section", Markup.Element("h2", "Compared"),
            Markup.Styled("p", "legend", named.Select((n, i) => Markup.Element("a", new XAttribute("href", "#" + Anchor(i)), n.Name))),
            Markup.Styled(
                "div", "beside",
                Markup.Styled("div", "wide", BitWidthChart.Of(named.Select(n => new BitWidthChart.Series(
                    n.Name, marks.StyleOf(n.Name), marks.ShapeOf(n.Name),
                    [.. n.Mapping.Precisions.Select(p => (p.Precision.Bits, p.Searched.EnergyDelayJouleSeconds))])))),
                Markup.Styled("div", "wide", CostTables.Comparison(named, marks))));
    }

    private static string Anchor(int index) => string.Create(CultureInfo.InvariantCulture, $"mapping-{index + 1}");
}
