using System.Globalization;
using InstantNet.Contracts;

namespace InstantNet.Controller.Commands;

/// <summary>Reads a list of bit-widths from the command line.</summary>
internal static class BitWidths
{
    /// <summary>Reads for example <c>4,8,32</c>.</summary>
    /// <exception cref="ArgumentException">Not such a list; the message says what is accepted.</exception>
    public static IReadOnlyList<Precision> Parse(string text)
    {
        List<Precision> precisions = [];
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int bits) || bits is < Precision.MinBits or > Precision.MaxBits)
                throw new ArgumentException($"--bits has '{part}': whole numbers from {Precision.MinBits} to {Precision.MaxBits}, separated by commas, are accepted.");
            if (precisions.Count > 0 && precisions[^1].Bits >= bits)
                throw new ArgumentException($"--bits has {bits} after {precisions[^1].Bits}: fewest bits come first, each once.");
            precisions.Add(new Precision(bits));
        }

        return precisions;
    }
}
