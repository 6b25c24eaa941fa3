using System.Text.Json;
using InstantNet.Contracts;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping;

namespace InstantNet.Generation.Networks;

/// <summary>Reads and writes files with a <see cref="NetworkDocument"/>; reading finds every fault at once. Stateless.</summary>
/// <remarks>
/// <code>
/// {"v": 1, "name": "sp-nas", "frame": {"stemChannels": 16, "stemStride": 2,
///   "stages": [{"layers": 1, "channels": 16, "stride": 1}, {"layers": 2, "channels": 24, "stride": 2}], "headerChannels": 128},
///  "choices": ["k3_e1", "k5_e6", "skip"]}
/// </code>
/// All fields are required, others are refused. "choices" has a name for each layer of the stages, in running order.
/// </remarks>
public static class NetworkDocumentFile
{
    private const string Suffix = ".json";
    private static readonly string[] ChoiceNames = [.. SearchSpaceNet.Choices.Select(c => c.ToString())];

    /// <summary>Whether what stands where a network's name is expected is the path of a file instead.</summary>
    public static bool IsPath(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        return nameOrPath.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The document as a file holds it.</summary>
    public static byte[] ToJson(NetworkDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, NetworkDocumentJson.Default.NetworkDocument);

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, NetworkDocument document) => AtomicFile.Write(path, s => s.Write(ToJson(document)));

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file describes no network; the text holds one sentence per fault, a line each.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NetworkDocument Read(string path)
    {
        FaultCollector found = new("a network of the search space");
        NetworkDocument? document = null;
        try
        {
            using FileStream file = File.OpenRead(path);
            using JsonDocument json = JsonDocument.Parse(file);
            FaultCollector.Section root = new(json.RootElement, "", found);
            document = root.IsObject ? Read(root) : null;
        }
        catch (JsonException fault)
        {
            found.Add($"The file is not JSON from line {fault.LineNumber + 1} on.");
        }

        return found.Sentences.Count == 0 && document is not null
            ? document
            : throw new InvalidDataException($"{path} describes no network:\n{string.Join('\n', found.Sentences)}");
    }

    private static NetworkDocument Read(FaultCollector.Section root)
    {
        root.RefuseOthers(["v", "name", "frame", "choices"]);
        int version = root.Whole("v", NetworkDocument.FormatVersion, NetworkDocument.FormatVersion);
        string name = root.Text("name");
        if (name.Length > 0 && !WireId.TryParse(name, out _))
            root.Fault("name", $"must be 1 to {WireId.MaxLength} of a-z, 0-9, '_' and '-'");
        FaultCollector.Section frame = root.Child("frame");
        frame.RefuseOthers(["stemChannels", "stemStride", "stages", "headerChannels"]);
        List<SearchSpaceFrame.Stage> stages = [];
        int stemChannels = frame.Whole("stemChannels", 1, SearchSpaceFrame.MostChannels), stemStride = frame.Whole("stemStride", 1, SearchSpaceFrame.MostStride);
        foreach (FaultCollector.Section stage in frame.Children("stages"))
        {
            stage.RefuseOthers(["layers", "channels", "stride"]);
            stages.Add(new SearchSpaceFrame.Stage(
                stage.Whole("layers", 1, SearchSpaceFrame.MostLayers), stage.Whole("channels", 1, SearchSpaceFrame.MostChannels),
                stage.Whole("stride", 1, SearchSpaceFrame.MostStride)));
        }

        SearchSpaceFrame read = new(stemChannels, stemStride, stages, frame.Whole("headerChannels", 1, SearchSpaceFrame.MostChannels));
        IReadOnlyList<string> choices = root.Texts("choices", ChoiceNames);
        if (!root.HasFaults && choices.Count != read.Layers)
            root.Fault("choices", $"must be as many as the stages have layers, {read.Layers}, but are {choices.Count}");
        return new NetworkDocument(version, name, read, choices);
    }
}
