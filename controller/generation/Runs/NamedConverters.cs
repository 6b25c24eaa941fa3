using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Training.Quantizers;
using InstantNet.Generation.Training.Schedules;

namespace InstantNet.Generation.Runs;

/// <summary>A choice as the name that the command line has for it.</summary>
/// <param name="parse">Reads it; throws ArgumentException for a name that there is not.</param>
/// <param name="name">Writes it.</param>
public abstract class NamedConverter<T>(Func<string, T> parse, Func<T, string> name) : JsonConverter<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return parse(reader.GetString() ?? "");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(name(value));
    }
}

/// <summary>A quantiser by its name.</summary>
public sealed class QuantizerConverter() : NamedConverter<IQuantizer>(QuantizerCatalog.Named, q => q.Name);

/// <summary>A schedule by its name.</summary>
public sealed class ScheduleConverter() : NamedConverter<ITrainingSchedule>(ScheduleCatalog.Named, s => s.Name);

/// <summary>Changes to images as <c>--augment</c> takes them.</summary>
public sealed class AugmentationConverter() : NamedConverter<Augmentation>(Augmentation.Parse, a => a.ToString());
