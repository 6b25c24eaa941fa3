using System.Globalization;
using InstantNet.Generation.Datasets;
using InstantNet.Generation.Mapping.Network;

namespace InstantNet.Generation.Mapping;

/// <summary>Writes mapped networks as files of <see cref="DataflowDocument"/>s.</summary>
public static class DataflowFiles
{
    /// <summary>One file per network, class and precision, an array with a document per layer; files appear whole or not at all.</summary>
    /// <param name="folder">Made when it does not exist.</param>
    /// <param name="mappings">Any number of networks.</param>
    /// <returns>Paths of the files.</returns>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<NetworkMapping> mappings)
    {
        ArgumentNullException.ThrowIfNull(mappings);
        Directory.CreateDirectory(folder);
        List<string> paths = [];
        foreach (NetworkMapping mapping in mappings)
        {
            foreach (PrecisionMapping precision in mapping.Precisions)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"dataflow-{mapping.Network}-{mapping.DeviceClass}-{precision.Precision.Bits}bit.json");
                string path = Path.Combine(folder, name);
                byte[] json = ToJson(mapping, precision);
                AtomicFile.Write(path, s => s.Write(json));
                paths.Add(path);
            }
        }

        return paths;
    }

    /// <summary>One precision's documents as a JSON array.</summary>
    public static byte[] ToJson(NetworkMapping mapping, PrecisionMapping precision)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(precision);
        using MemoryStream json = new();
        json.Write("["u8);
        foreach ((int index, DataflowDocument layer) in DataflowDocument.From(mapping, precision).Index())
        {
            json.Write(index == 0 ? ""u8 : ",\n"u8);
            json.Write(layer.ToJson());
        }

        json.Write("]\n"u8);
        return json.ToArray();
    }
}
