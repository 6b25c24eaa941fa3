using System.Xml.Linq;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Samples of a colour or mark for legends and tables; drawn, since printers leave backgrounds out.</summary>
internal static class Swatch
{
    private const double Size = 12;

    /// <summary>A filled square.</summary>
    public static XElement Box(string style) => Drawn(d => d.Box(0, 0, Size, Size, style));

    /// <summary>A short upright line.</summary>
    public static XElement Tick(string style) => Drawn(d => d.Line((Size / 2, 0), (Size / 2, Size), style));

    /// <summary>A point's mark.</summary>
    public static XElement Mark(MarkShape shape, string style) => Drawn(d => d.Mark(shape, (Size / 2, Size / 2), style));

    private static XElement Drawn(Action<Drawing> draw)
    {
        Drawing drawing = new(Size, Size, "");
        draw(drawing);
        drawing.Element.SetAttributeValue("class", "swatch");
        return drawing.Element;
    }
}
