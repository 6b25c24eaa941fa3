using System.Text.Json;

namespace InstantNet.Generation.Mapping.Network;

/// <summary>Reads the layers of a network that is to be mapped from a JSON file and finds every fault at once. Stateless.</summary>
/// <remarks>
/// The file holds an object of "v" (1), "name" and "layers", an array of at least one layer in running order:
/// <code>
/// {"v": 1, "name": "my-net", "layers": [
///   {"name": "conv1", "kind": "conv", "N": 1, "K": 64, "C": 3, "P": 112, "Q": 112, "R": 7, "S": 7, "stride": 2, "groups": 1, "keepsEightBits": true}]}
/// </code>
/// A "name" is unique. "kind" is conv, dw (depthwise) or fc (fully connected). K output channels, C input channels, P x Q output positions and R x S
/// filter positions are whole numbers from 1, without padding, as in Timeloop. K and C are those of one group; the layer runs "groups" times.
/// dw leaves K and groups out, or gives both as C, as Timeloop's shapes do; fc leaves P, Q, R, S, stride and groups out, or gives them as 1.
/// Also optional: N, the images of a frame, stride and groups, which are then 1, and "keepsEightBits", which is then false. It is meant for the first
/// and the last layer: their weights and inputs keep at least 8 bits at every precision, and if the layer is an fc, its outputs are the logits, in float.
/// </remarks>
public static class NetworkLoopsFile
{
    private const int Version = 1;
    private static readonly string[] Kinds = ["conv", "dw", "fc"];
    private static readonly string[] LayerFields = ["name", "kind", "N", "K", "C", "P", "Q", "R", "S", "stride", "groups", "keepsEightBits"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file describes no network; the text holds one sentence per fault, a line each.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NetworkLoops Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Read(file, out IReadOnlyList<string> faults)
            ?? throw new InvalidDataException($"{path} describes no network:\n{string.Join('\n', faults)}");
    }

    /// <summary>Reads a document.</summary>
    /// <param name="utf8Json">The document; left open.</param>
    /// <param name="faults">One sentence per fault, each beginning with the path of the field; empty when the network is good.</param>
    /// <returns>The network, or null when there are faults.</returns>
    public static NetworkLoops? Read(Stream utf8Json, out IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(utf8Json);
        FaultCollector found = new("a network's layers");
        faults = found.Sentences;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8Json);
            FaultCollector.Section root = new(document.RootElement, "", found);
            NetworkLoops? network = root.IsObject ? ReadNetwork(root) : null;
            return found.Sentences.Count == 0 ? network : null;
        }
        catch (JsonException fault)
        {
            found.Add($"The file is not JSON from line {fault.LineNumber + 1} on.");
            return null;
        }
    }

    private static NetworkLoops ReadNetwork(FaultCollector.Section root)
    {
        root.RefuseOthers(["v", "name", "layers"]);
        root.Number("v", Version, Version);
        string name = root.Text("name");
        HashSet<string> taken = new(StringComparer.Ordinal);
        List<LayerLoops> layers = [];
        foreach (FaultCollector.Section section in root.Children("layers"))
        {
            if (ReadLayer(section) is not LayerLoops layer)
                continue;
            if (layer.Name.Length > 0 && !taken.Add(layer.Name))
                section.Fault("name", $"is '{layer.Name}', as a layer before it is called");
            layers.Add(layer);
        }

        return new NetworkLoops(name, layers);
    }

    private static LayerLoops? ReadLayer(FaultCollector.Section layer)
    {
        layer.RefuseOthers(LayerFields);
        string name = layer.Text("name"), kind = layer.Text("kind", Kinds);
        bool isDepthwise = kind == "dw", isFullyConnected = kind == "fc", keepsEightBits = layer.Has("keepsEightBits") && layer.Flag("keepsEightBits");
        int channels = Count(layer, "C");
        int filters = isDepthwise ? Only(layer, "K", channels) : Count(layer, "K");
        int groups = isDepthwise ? Only(layer, "groups", channels) : isFullyConnected ? Only(layer, "groups", 1) : CountOrOne(layer, "groups");
        int stride = isFullyConnected ? Only(layer, "stride", 1) : CountOrOne(layer, "stride");
        int[] positions = [.. Array.ConvertAll(["P", "Q", "R", "S"], field => isFullyConnected ? Only(layer, field, 1) : Count(layer, field))];
        LoopBounds bounds = new(CountOrOne(layer, "N"), isDepthwise ? 1 : filters, channels, positions[0], positions[1], positions[2], positions[3]);
        OperandFloors floors = !keepsEightBits ? OperandFloors.None : isFullyConnected ? OperandFloors.Classifier : OperandFloors.Stem;
        try
        {
            return new LayerLoops(name, new Workload(bounds, stride, isDepthwise, isDepthwise ? 1 : groups), floors);
        }
        catch (ArgumentException fault)
        {
            layer.Fault($"is too large: {fault.Message.Split(" (Parameter ")[0].TrimEnd('.')}");
            return null;
        }
    }

    private static int Count(FaultCollector.Section layer, string field) => layer.Whole(field, 1, int.MaxValue);

    private static int CountOrOne(FaultCollector.Section layer, string field) => layer.Has(field) ? Count(layer, field) : 1;

    /// <summary>A field whose value the kind of layer decides: it may be left out.</summary>
    private static int Only(FaultCollector.Section layer, string field, int value) => layer.Has(field) ? layer.Whole(field, value, value) : value;
}
