using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts;

/// <summary>Ids are plain strings on the wire; a string that is no id does not parse.</summary>
public sealed class WireIdJsonConverter : JsonConverter<WireId>
{
    /// <inheritdoc/>
    public override WireId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        WireId.TryParse(reader.GetString(), out WireId? id)
            ? id
            : throw new JsonException($"An id is 1 to {WireId.MaxLength} of a-z, 0-9, '_' and '-'.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, WireId value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.Value);
    }
}
