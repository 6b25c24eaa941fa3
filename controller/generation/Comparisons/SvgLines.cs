using System.Globalization;
using System.Text;

namespace InstantNet.Generation.Comparisons;

/// <summary>What the plots that are files of their own share.</summary>
internal static class SvgLines
{
    // Okabe and Ito, 2008: told apart by colour-blind eyes too.
    private static readonly string[] Colors = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9"];

    /// <summary>Colour of the so-manieth series, from 0; after six they come again.</summary>
    public static string ColorOf(int series) => Colors[series % Colors.Length];

    /// <summary>Adds a line, its numbers written the same in every country.</summary>
    public static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
