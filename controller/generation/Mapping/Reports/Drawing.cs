using System.Globalization;
using System.Xml.Linq;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>An SVG under construction; places are pixels from the top left. Colours come from the style sheet's classes. Not thread-safe.</summary>
internal sealed class Drawing
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="label">What a screen reader says instead.</param>
    public Drawing(double width, double height, string label)
    {
        Element = new XElement(
            Svg + "svg", Number("width", width), Number("height", height), new XAttribute("viewBox", $"0 0 {Text(width)} {Text(height)}"),
            new XAttribute("role", "img"), new XAttribute("aria-label", Markup.Clean(label)));
    }

    /// <summary>What was drawn.</summary>
    public XElement Element { get; }

    /// <summary>A filled rectangle.</summary>
    /// <param name="left">Its left edge.</param>
    /// <param name="top">Its upper edge.</param>
    /// <param name="width">Not below 0.</param>
    /// <param name="height">Not below 0.</param>
    /// <param name="style">Classes.</param>
    /// <param name="tip">Shown under the pointer; null for none.</param>
    public void Box(double left, double top, double width, double height, string style, string? tip = null) =>
        Add("rect", style, tip, Number("x", left), Number("y", top), Number("width", width), Number("height", height));

    /// <summary>A straight line.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to, string style, string? tip = null) =>
        Add("line", style, tip, Number("x1", from.X), Number("y1", from.Y), Number("x2", to.X), Number("y2", to.Y));

    /// <summary>A line through points.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string style) =>
        Add("polyline", style, null, new XAttribute("points", string.Join(' ', points.Select(p => $"{Text(p.X)},{Text(p.Y)}"))));

    /// <summary>A text whose base line starts, is centred or ends at a place: classes "middle" and "end".</summary>
    public void Write((double X, double Y) at, string text, string style = "", string? tip = null)
    {
        XElement made = Add("text", style, tip, Number("x", at.X), Number("y", at.Y));
        made.AddFirst(Markup.Clean(text));
    }

    /// <summary>A point's mark.</summary>
    public void Mark(MarkShape shape, (double X, double Y) at, string style, string? tip = null) =>
        Add("path", "mark " + style, tip, new XAttribute("transform", $"translate({Text(at.X)} {Text(at.Y)})"), new XAttribute("d", shape.Outline()));

    private XElement Add(string name, string style, string? tip, params XAttribute[] attributes)
    {
        XElement made = new(Svg + name, attributes);
        if (style.Length > 0)
            made.Add(new XAttribute("class", style));
        if (tip is not null)
            made.Add(new XElement(Svg + "title", Markup.Clean(tip)));
        Element.Add(made);
        return made;
    }

    private static XAttribute Number(string name, double value) => new(name, Text(value));

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
