using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace InstantNet.Controller.Commands;

/// <summary>Prints what a verb found.</summary>
internal static class Output
{
    /// <summary>Prints JSON on one line.</summary>
    public static void Json<T>(T content, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(content, type));

    /// <summary>Prints columns, each as wide as its widest cell.</summary>
    public static void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> all = [header, .. rows];
        int[] widths = Enumerable.Range(0, header.Count).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (IReadOnlyList<string> row in all)
            Console.Out.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
