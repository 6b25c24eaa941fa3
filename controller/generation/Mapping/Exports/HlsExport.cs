namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Writes a dataflow as C++ for high-level synthesis (pragmas of Vitis HLS), with a bench that any C++17 compiler builds.</summary>
public static class HlsExport
{
    /// <summary>Writes one layer into a folder of its own.</summary>
    /// <param name="flow">A legal dataflow.</param>
    /// <param name="name">Of the folder and stem of its files; letters, digits, '_' and '-'.</param>
    /// <exception cref="InvalidDataException">Weights or inputs are not integers of 2 to 16 bits, or sums need more than 62.</exception>
    public static LayerExport Of(CheckedDataflow flow, string name)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        HlsPlan plan = HlsPlan.Of(flow, $"layer_{ExportNames.Identifier(name)}");
        string header = $"{name}.h", stem = $"{name}/{name}";
        ExportedFile[] files =
        [
            new($"{name}/{HlsTypes.FixedBitsHeader}", HlsTypes.FixedBits),
            new($"{stem}.h", HlsTypes.Header(plan)),
            new($"{stem}.cpp", HlsKernel.Of(plan, header)),
            new($"{stem}_bench.cpp", HlsBench.Of(plan, header)),
        ];
        return new LayerExport(
            flow.Document.Layer, files,
            $"g++ -std=c++17 -O1 -Wall -Werror -Wno-unknown-pragmas -o {stem}_bench {stem}.cpp {stem}_bench.cpp && {stem}_bench");
    }
}
