using System.Text.Json;

namespace InstantNet.Generation.Datasets;

/// <summary>Reads one class file of the fashion-mnist package.</summary>
internal static class FashionMnistJson
{
    /// <summary>Side of the square grey images.</summary>
    public const int Side = 28;

    /// <summary>Pixels of an image.</summary>
    public const int Pixels = Side * Side;

    private const string Accepted = """expected {"data":[[784 integers of 0..255], ...]}, where a row may also be empty""";

    /// <summary>All images of the file, rows back to back.</summary>
    /// <param name="path">A file like clothes/0.json. Empty rows, of which the package has two, are skipped.</param>
    /// <returns>[images, 28, 28].</returns>
    /// <exception cref="InvalidDataException">The file is missing or is not what is accepted; the sentence names it.</exception>
    public static byte[] Read(string path)
    {
        if (!File.Exists(path))
            throw new InvalidDataException($"'{path}' is missing; {Accepted}.");
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is damaged (it is cut off or no JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine} on); {Accepted}.", e);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"'{path}' is damaged ({e.Message.TrimEnd('.')}); {Accepted}.", e);
        }
    }

    private static byte[] Parse(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        Expect(ref reader, JsonTokenType.StartObject);
        Expect(ref reader, JsonTokenType.PropertyName);
        if (!reader.ValueTextEquals("data"u8))
            throw new FormatException($"property '{reader.GetString()}' at the start");
        Expect(ref reader, JsonTokenType.StartArray);

        // A pixel takes at least two bytes of JSON, so this never has to grow.
        byte[] images = new byte[json.Length / 2];
        int length = 0;
        while (Next(ref reader) == JsonTokenType.StartArray)
            length += ReadRow(ref reader, images.AsSpan(length), row: length / Pixels);

        if (reader.TokenType != JsonTokenType.EndArray)
            throw new FormatException($"{reader.TokenType} in place of a row at byte {reader.TokenStartIndex}");
        Expect(ref reader, JsonTokenType.EndObject);
        if (reader.Read())
            throw new FormatException("content after its end");
        return images[..length];
    }

    private static int ReadRow(ref Utf8JsonReader reader, Span<byte> images, int row)
    {
        int count = 0;
        while (Next(ref reader) == JsonTokenType.Number)
        {
            if (count == Pixels || !reader.TryGetByte(out byte pixel))
                throw new FormatException($"number {count + 1} of row {row} (empty rows not counted) is one too many or no pixel");
            images[count++] = pixel;
        }

        if (reader.TokenType != JsonTokenType.EndArray || count is not (0 or Pixels))
            throw new FormatException($"row {row} (empty rows not counted) has {count} numbers, then {reader.TokenType}");
        return count;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type)
            throw new FormatException($"{reader.TokenType} at byte {reader.TokenStartIndex} in place of {type}");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new FormatException("it ends too early");
}
