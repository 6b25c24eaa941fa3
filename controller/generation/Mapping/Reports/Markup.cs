using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace InstantNet.Generation.Mapping.Reports;

/// <summary>Writes HTML that is XML as well: escaped everywhere, nothing left open.</summary>
internal static class Markup
{
    private static readonly HashSet<string> Void = ["br", "meta"];

    /// <summary>An element; text is escaped, and characters that no document may hold are replaced.</summary>
    /// <param name="name">Of HTML.</param>
    /// <param name="content">Texts, elements, attributes, or sequences of them; null is nothing.</param>
    public static XElement Element(string name, params object?[] content)
    {
        XElement made = new(name, content.Select(c => c is string text ? Clean(text) : c));
        // HTML knows no "<p/>": what may have content is closed by a tag of its own.
        if (made.IsEmpty && !Void.Contains(name))
            made.Add("");
        return made;
    }

    /// <summary>An element of a class of the style sheet.</summary>
    public static XElement Styled(string name, string style, params object?[] content)
    {
        XElement made = Element(name, content);
        if (style.Length > 0)
            made.SetAttributeValue("class", style);
        return made;
    }

    /// <summary>A text without characters that XML forbids.</summary>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            clean.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>The document as text, one element a line, '\n' between.</summary>
    public static string Document(XElement root)
    {
        StringBuilder text = new("<!DOCTYPE html>\n");
        XmlWriterSettings settings = new() { OmitXmlDeclaration = true, Indent = true, IndentChars = "", NewLineChars = "\n" };
        using (XmlWriter writer = XmlWriter.Create(text, settings))
        {
            root.WriteTo(writer);
        }

        return text.Append('\n').ToString();
    }
}
