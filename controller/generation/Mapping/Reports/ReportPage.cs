using System.Reflection;
using System.Xml.Linq;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>The frame of a report: one HTML file with its style inside, light or dark as the reader has it.</summary>
internal static class ReportPage
{
    private const string StyleResource = "InstantNet.Generation.Mapping.Reports.report.css";

    /// <summary>The whole document as text.</summary>
    /// <param name="title">Also the heading.</param>
    /// <param name="script">Without characters that XML would escape; null for none.</param>
    /// <param name="body">Sections.</param>
    public static string Of(string title, string? script, params object?[] body) => Markup.Document(Markup.Element(
        "html", new XAttribute("lang", "en"),
        Markup.Element(
            "head", Markup.Element("meta", new XAttribute("charset", "utf-8")),
            Markup.Element("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
            Markup.Element("title", title), Markup.Element("style", Style()), script is null ? null : Markup.Element("script", script)),
        Markup.Element("body", [Markup.Element("h1", title), .. body])));

    private static string Style()
    {
        using Stream style = Assembly.GetExecutingAssembly().GetManifestResourceStream(StyleResource)
            ?? throw new InvalidOperationException($"The assembly lacks {StyleResource}.");
        using StreamReader reader = new(style);
        return reader.ReadToEnd();
    }
}
