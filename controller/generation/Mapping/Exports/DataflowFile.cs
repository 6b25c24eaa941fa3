using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Reads dataflow documents from a file: one, or an array of them as run folders hold.</summary>
public static class DataflowFile
{
    /// <summary>The documents in the file's order; none is checked against a device class yet.</summary>
    /// <param name="path">A JSON file.</param>
    /// <exception cref="InvalidDataException">Not such documents, of another version, none at all, or one layer twice; one sentence says where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<DataflowDocument> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path))
            throw new IOException($"{path} is a folder; a file with a dataflow or an array of them is accepted.");
        byte[] content = File.ReadAllBytes(path);
        DataflowDocument?[] documents;
        try
        {
            using JsonDocument json = JsonDocument.Parse(content);
            documents = json.RootElement.ValueKind == JsonValueKind.Array
                ? json.RootElement.Deserialize(ExportJsonContext.Default.DataflowDocumentArray) ?? []
                : [json.RootElement.Deserialize(ExportJsonContext.Default.DataflowDocument)];
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{path} holds no dataflow: {Sentence(fault)}", fault);
        }

        if (documents.Length == 0)
            throw new InvalidDataException($"{path} holds an empty array; at least one dataflow is accepted.");
        foreach ((int index, DataflowDocument? document) in documents.Index())
        {
            if (document?.V != DataflowDocument.CurrentVersion)
            {
                throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}: document {index} has version {document?.V ?? 0}; this program reads version {DataflowDocument.CurrentVersion}."));
            }
        }

        if (documents.GroupBy(d => d!.Layer, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw new InvalidDataException($"{path} describes layer '{twice.Key}' twice; each layer once is accepted.");
        return documents!;
    }

    private static string Sentence(JsonException fault)
    {
        // The serializer ends its message with path and line; it has no path when the text is no JSON at all.
        string what = fault.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
        string where = fault.Path is null or "$" ? string.Create(CultureInfo.InvariantCulture, $"line {fault.LineNumber + 1}") : fault.Path;
        string[] missing = what.Split("missing required properties including: ");
        if (missing.Length == 2)
            return $"{where}: it lacks {missing[1]}";
        bool isWrongValue = what.Contains("could not be converted to", StringComparison.Ordinal) || what.Contains("doesn't allow null", StringComparison.Ordinal);
        return isWrongValue ? $"{where}: {Accepted(where.Split('.', '[')[^1], where)} is accepted." : $"{where}: {what}";
    }

    private static string Accepted(string field, string where) => field switch
    {
        "dimension" => $"one of {string.Join(", ", Enum.GetNames<Dimension>())}",
        "axis" => $"one of {string.Join(", ", Enum.GetNames<MeshAxis>())}",
        "layer" or "network" or "level" or "deviceClass" or "flow" => "a text",
        "isDepthwise" => "true or false",
        "energyPicojoules" => "a number",
        "levels" or "keeps" or "temporal" or "spatial" => "an array",
        "bits" or "loops" => "an object",
        "precision" or "v" or "stride" or "groups" or "bound" or "cycles" => "a whole number",
        _ when where.Contains(".keeps[", StringComparison.Ordinal) => $"one of {string.Join(", ", Enum.GetNames<Operand>())}",
        _ when where.Contains(".loops.", StringComparison.Ordinal) || where.Contains(".bits.", StringComparison.Ordinal) => "a whole number",
        _ when field.EndsWith(']') => "an object",
        _ => "a dataflow document, or an array of them,",
    };
}

/// <summary>JSON of the exports: documents are read as everywhere in the mapping, reports written on one line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DataflowDocument[]))]
[JsonSerializable(typeof(ExportReport))]
public sealed partial class ExportJsonContext : JsonSerializerContext;
