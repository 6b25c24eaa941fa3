using System.Text.Json;
using System.Text.Json.Serialization;
using InstantNet.Agent.Durable;
using InstantNet.Contracts.Messages;

namespace InstantNet.Agent.Link;

/// <summary>alarms.json: what the controller believes, so that an alarm outlives the agent that raised it, and its end, too.</summary>
/// <param name="folder">Data folder of the agent.</param>
internal sealed class AlarmFile(AgentFolder folder)
{
    /// <summary>What was kept; an empty book when there is none or it is damaged.</summary>
    public AlarmBook Read()
    {
        try
        {
            AlarmBook? book = DurableFile.TryRead(folder.Alarms) is { } content ? JsonSerializer.Deserialize(content, AlarmJson.Default.AlarmBook) : null;
            return book is { V: AlarmBook.FormatVersion } ? book : AlarmBook.Empty;
        }
        catch (JsonException)
        {
            return AlarmBook.Empty;
        }
    }

    /// <summary>Replaces it; durable when it returns.</summary>
    /// <exception cref="IOException">The disk refuses; the old book is still there.</exception>
    public void Write(AlarmBook book) => DurableFile.Write(folder.Alarms, JsonSerializer.SerializeToUtf8Bytes(book, AlarmJson.Default.AlarmBook));
}

/// <summary>The alarms of a device.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Open">Text of each open alarm by its key.</param>
/// <param name="Waiting">Changes that have not arrived, in order.</param>
internal sealed record AlarmBook(int V, IReadOnlyDictionary<string, string> Open, IReadOnlyList<Alarm> Waiting)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;

    /// <summary>Of a device without alarms.</summary>
    public static AlarmBook Empty { get; } = new(FormatVersion, new Dictionary<string, string>(), []);
}

/// <summary>The JSON of alarms.json.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AlarmBook))]
internal sealed partial class AlarmJson : JsonSerializerContext;
