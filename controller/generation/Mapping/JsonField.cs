using System.Text.Json;

namespace InstantNet.Generation.Mapping;

/// <summary>A place in a JSON document that knows its own path, so that every complaint names the field.</summary>
internal readonly struct JsonField(JsonElement element, string path)
{
    public string Path { get; } = path;

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public JsonField Member(string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        string at = Path.Length == 0 ? name : $"{Path}.{name}";
        return element.TryGetProperty(name, out JsonElement member) ? new JsonField(member, at) : throw new InvalidDataException($"{at} is missing.");
    }

    public JsonField? OptionalMember(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null
            ? new JsonField(member, $"{Path}.{name}")
            : null;

    public IReadOnlyList<JsonField> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Wrong("an array");
        string path = Path;
        return [.. element.EnumerateArray().Select((item, i) => new JsonField(item, $"{path}[{i}]"))];
    }

    public IReadOnlyList<(string Name, JsonField Value)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        string path = Path;
        return [.. element.EnumerateObject().Select(m => (m.Name, new JsonField(m.Value, $"{path}.{m.Name}")))];
    }

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong("a text");

    public double Number() => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value)
        ? value
        : throw Wrong("a number");

    public double NumberFrom(double least) => Number() is double value && value >= least ? value : throw Wrong($"a number of at least {least}");

    public long Whole() => element.ValueKind != JsonValueKind.Number ? throw Wrong("a whole number")
        : element.TryGetInt64(out long whole) ? whole
        : element.TryGetDouble(out double value) && value == Math.Truncate(value) && Math.Abs(value) < 1L << 53 ? (long)value
        : throw Wrong("a whole number");

    public int Positive() => Whole() is long value and >= 1 and <= int.MaxValue ? (int)value : throw Wrong("a whole number from 1 to 2147483647");

    public T Choice<T>() where T : struct, Enum =>
        Text() is string text && !text.Any(char.IsAsciiDigit) && Enum.TryParse(text, out T value) && Enum.IsDefined(value)
            ? value
            : throw Wrong($"one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Makes what the field describes; what the constructor refuses is told with the field's path.</summary>
    public T Make<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException($"{Path}: {fault.Message.Split(" (Parameter ")[0]}", fault);
        }
    }

    public InvalidDataException Wrong(string expected)
    {
        string found = element.GetRawText();
        return new InvalidDataException($"{(Path.Length == 0 ? "The document" : Path)} must be {expected}, not {(found.Length <= 40 ? found : found[..40] + "…")}.");
    }
}
