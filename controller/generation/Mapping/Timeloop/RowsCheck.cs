using System.Globalization;
using System.Text.Json;

namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>Compares the cost model with rows that NVIDIA Timeloop computed. Stateless.</summary>
public static class RowsCheck
{
    /// <summary>Checks every row of a file: words read, filled and updated per level and tensor, cycles, and energies.</summary>
    /// <param name="path">JSON with <c>archs</c> and <c>rows</c>; its own <c>schema</c> entry describes it.</param>
    /// <exception cref="InvalidDataException">The file is not such a document; the text is one sentence with the path of the field.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RowsReport Run(string path)
    {
        using JsonDocument document = Parse(path);
        try
        {
            return Run(document);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"'{path}': {fault.Message}", fault);
        }
    }

    /// <inheritdoc cref="Run(string)"/>
    /// <param name="utf8Json">The document; left open.</param>
    public static RowsReport Run(Stream utf8Json)
    {
        ArgumentNullException.ThrowIfNull(utf8Json);
        using JsonDocument document = Parse(utf8Json);
        return Run(document);
    }

    /// <summary>Opens a file of JSON; what is wrong with it is told with the file's name.</summary>
    internal static JsonDocument Parse(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using FileStream stream = File.OpenRead(path);
        try
        {
            return Parse(stream);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"'{path}': {fault.Message}", fault);
        }
    }

    private static RowsReport Run(JsonDocument document)
    {
        List<ReferenceRow> rows = RowsFile.Read(document.RootElement);
        int exact = 0;
        double largest = 0;
        List<string> mismatches = [];
        foreach (ReferenceRow row in rows)
        {
            RowComparison comparison = new(row);
            largest = Math.Max(largest, comparison.LargestRelativeError);
            if (comparison.FirstMismatch is null)
                exact++;
            else if (mismatches.Count < RowsReport.MaxMismatches)
                mismatches.Add(comparison.FirstMismatch);
        }

        return new RowsReport(rows.Count, exact, largest, mismatches);
    }

    private static JsonDocument Parse(Stream utf8Json)
    {
        try
        {
            return JsonDocument.Parse(utf8Json);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture, $"The file is not JSON from line {fault.LineNumber + 1}, byte {fault.BytePositionInLine} on."), fault);
        }
    }
}
