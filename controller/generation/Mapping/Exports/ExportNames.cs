using System.Globalization;
using System.Text;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Names of layers as parts of file names and of C++ identifiers.</summary>
public static class ExportNames
{
    private const int MaxLength = 80;

    /// <summary>One name per layer, in their order; no two alike, whatever the case.</summary>
    /// <param name="layers">Names that may hold anything.</param>
    /// <returns>A letter, then letters, digits, '_' and '-': about 80 characters at most.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        List<string> names = [];
        foreach (string layer in layers)
        {
            string stem = Sanitised(layer), name = stem;
            for (int i = 2; !taken.Add(name); i++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
            }

            names.Add(name);
        }

        return names;
    }

    /// <summary>The name with '-' replaced, to stand in an identifier.</summary>
    internal static string Identifier(string name) => name.Replace('-', '_');

    private static string Sanitised(string layer)
    {
        StringBuilder name = new();
        foreach (char c in layer.Take(MaxLength))
        {
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_');
        }

        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name.ToString() : $"layer_{name}";
    }
}
