using System.Text.Json;
using System.Text.Json.Serialization;

namespace InstantNet.Contracts;

/// <summary>On the wire a precision is its number of bits.</summary>
public sealed class PrecisionJsonConverter : JsonConverter<Precision>
{
    /// <inheritdoc/>
    public override Precision Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        int bits = reader.GetInt32();
        if (bits is < Precision.MinBits or > Precision.MaxBits)
            throw new JsonException($"A precision is {Precision.MinBits} to {Precision.MaxBits} bits, not {bits}.");
        return new Precision(bits);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Precision value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value.Bits);
    }
}
