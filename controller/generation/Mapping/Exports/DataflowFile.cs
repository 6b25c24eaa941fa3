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
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: document {index} has version {document?.V ?? 0}; this program reads version {DataflowDocument.CurrentVersion}."));
        }

        if (documents.GroupBy(d => d!.Layer, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
            throw new InvalidDataException($"{path} describes layer '{twice.Key}' twice; each layer once is accepted.");
        return documents!;
    }

    // The serializer ends its message with path and line, or has no path when the text is no JSON at all.
    private static string Sentence(JsonException fault)
    {
        string what = fault.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
        return fault.Path is null or "$"
            ? string.Create(CultureInfo.InvariantCulture, $"line {fault.LineNumber + 1}: {what}")
            : $"{fault.Path}: {what}";
    }
}

/// <summary>JSON of the exports; documents as everywhere in the mapping.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DataflowDocument[]))]
[JsonSerializable(typeof(ExportReport))]
public sealed partial class ExportJsonContext : JsonSerializerContext;
