using System.Text.Json;
using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>Reads what Timeloop's mapper found: an array of layers, or an object with <c>archs</c> (as in a file of reference rows) and <c>rows</c>.</summary>
/// <remarks>
/// Each layer has <c>layer</c>, <c>arch</c> (of the file, or one of the reference architectures), <c>layer_shape</c>, <c>best</c> with <c>cycles</c>
/// and <c>energy_pJ</c>, and perhaps <c>constraints</c>: <c>keepall</c> (every level keeps what it can) or <c>bypass</c> (tensors may pass by inner levels).
/// </remarks>
internal static class ComparisonFile
{
    /// <exception cref="InvalidDataException">One sentence that begins with the path of the field.</exception>
    public static IReadOnlyList<ComparedLayer> Read(JsonElement document)
    {
        JsonField root = new(document, "");
        Dictionary<string, Architecture> architectures = ReferenceArchitectures.BuiltIn();
        bool isObject = document.ValueKind == JsonValueKind.Object;
        if (isObject && root.OptionalMember("archs") is JsonField archs)
        {
            foreach ((string name, Architecture architecture) in ReferenceArchitectures.Read(archs))
            {
                architectures.TryAdd(name, architecture);
            }
        }

        IReadOnlyList<JsonField> rows = (isObject ? root.Member("rows") : root).Items();
        if (rows.Count == 0)
            throw new InvalidDataException($"{(isObject ? "rows" : "The document")} must hold at least one layer.");
        return [.. rows.Select(row => ReadLayer(row, architectures))];
    }

    private static ComparedLayer ReadLayer(JsonField row, Dictionary<string, Architecture> architectures)
    {
        JsonField arch = row.Member("arch");
        if (!architectures.TryGetValue(arch.Text(), out Architecture? architecture))
            throw arch.Wrong($"one of {string.Join(", ", architectures.Keys)}");
        JsonField best = row.Member("best");
        long cycles = best.Member("cycles").Whole();
        if (cycles < 1)
            throw best.Member("cycles").Wrong("a whole number of at least 1");
        return new ComparedLayer(
            row.Member("layer").Text(), RowsFile.ReadWorkload(row.Member("layer_shape")), Constrained(architecture, row.OptionalMember("constraints")),
            new Cost(best.Member("energy_pJ").NumberFrom(double.Epsilon), cycles));
    }

    private static Architecture Constrained(Architecture architecture, JsonField? constraints) => constraints?.Text() switch
    {
        null or "keepall" => architecture,
        "bypass" => new Architecture(
            architecture.Name, [.. architecture.Levels.SkipLast(1).Select(l => l with { MayBypass = l.Keeps }), architecture.Levels[^1]], architecture.Macs),
        _ => throw constraints.Value.Wrong("keepall or bypass"),
    };
}
