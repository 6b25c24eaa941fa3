using System.Text.Json.Serialization;

namespace InstantNet.Generation.Networks;

/// <summary>A network of InstantNet's search space as a file holds it: what its frame is and what each layer is; see <see cref="NetworkDocumentFile"/>.</summary>
/// <param name="V">Format version, 1.</param>
/// <param name="Name">What reports and files of the network call it, 1 to 64 of a-z, 0-9, '_' and '-'.</param>
/// <param name="Frame">What is not a choice.</param>
/// <param name="Choices">One for each layer of the frame, in running order, as <see cref="BlockChoice.ToString"/> writes them.</param>
public sealed record NetworkDocument(int V, string Name, SearchSpaceFrame Frame, IReadOnlyList<string> Choices)
{
    /// <summary>Version written today.</summary>
    public const int FormatVersion = 1;

    /// <summary>The document of a network.</summary>
    public static NetworkDocument Of(string name, SearchSpaceFrame frame, IReadOnlyList<BlockChoice> choices) =>
        new(FormatVersion, name, frame, [.. choices.Select(c => c.ToString())]);

    /// <summary>The choice of that name; null where the space has none.</summary>
    public static BlockChoice? Choice(string name) =>
        SearchSpaceNet.Choices.Where(c => c.ToString() == name).Select(c => (BlockChoice?)c).FirstOrDefault();

    /// <summary>The network for images of a shape.</summary>
    /// <exception cref="ArgumentException">The space has no such choice, there are more or fewer choices than layers, or the image is too small.</exception>
    public NetSpec Build(TensorShape input, int classes) => SearchSpaceNet.Build(
        Name, input, classes, Frame, [.. Choices.Select(c => Choice(c) ?? throw new ArgumentException($"There is no block '{c}'."))]);
}

/// <summary>The JSON of network documents.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NetworkDocument))]
internal sealed partial class NetworkDocumentJson : JsonSerializerContext;
