using System.Globalization;
using System.Text;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>Writes a dataflow as the three files of NVIDIA Timeloop 3.0.3 (v0.1 list format): architecture, problem and mapping.</summary>
public static class TimeloopExport
{
    /// <summary>Writes one layer.</summary>
    /// <param name="flow">A legal dataflow of any widths; comments in the files say what Timeloop cannot express.</param>
    /// <param name="name">Stem of the files' names, and below what is run.</param>
    /// <exception cref="InvalidDataException">A level's instances do not divide those of the level inside it, which Timeloop requires.</exception>
    public static LayerExport Of(CheckedDataflow flow, string name)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        TimeloopTerms terms = TimeloopTerms.Of(flow);
        CheckMeshes(flow);
        ExportedFile[] files =
        [
            new($"{name}.arch.yaml", Architecture(flow, terms)),
            new($"{name}.problem.yaml", Problem(flow)),
            new($"{name}.mapping.yaml", Mapping(flow, terms)),
        ];
        return new LayerExport(
            flow.Document.Layer, files, $"TIMELOOP_DISABLE_LINK_TRANSFERS=1 timeloop-model {string.Join(' ', files.Select(f => f.Name))}");
    }

    private static string Architecture(CheckedDataflow flow, TimeloopTerms terms)
    {
        StringBuilder yaml = new();
        yaml.Append(CultureInfo.InvariantCulture, $"# {OneLine(flow.Architecture.Name)} for layer {OneLine(flow.Document.Layer)}, for NVIDIA Timeloop 3.0.3.\n");
        yaml.Append("# With TIMELOOP_DISABLE_LINK_TRANSFERS=1 the 'Energy (total)' lines of its statistics, for one group,\n");
        yaml.Append(CultureInfo.InvariantCulture, $"# must add up to {terms.Expected.EnergyPicojoules:F0} pJ, in {terms.Expected.Cycles} cycles.\n");
        yaml.Append(CultureInfo.InvariantCulture, $"# The document says {flow.Document.EnergyPicojoules:F0} pJ and {flow.Document.Cycles} cycles for all groups.\n");
        yaml.Append(terms.Losses.Count == 0 ? "# Timeloop can express all of it.\n" : "# What Timeloop cannot express, and what is written instead:\n");
        foreach (string loss in terms.Losses)
            yaml.Append(CultureInfo.InvariantCulture, $"# - {loss}\n");
        yaml.Append("arch:\n  arithmetic:\n    name: MACs\n");
        Instances(yaml, terms.Architecture.Macs.Columns, terms.Architecture.Macs.Rows);
        yaml.Append(CultureInfo.InvariantCulture, $"    word-bits: {terms.WordBits}\n    energy: {terms.Architecture.Macs.PicojoulesPerMac:R}\n  storage:\n");
        foreach (MemoryLevel level in terms.Architecture.Levels)
            Storage(yaml, level, terms.WordBits);
        return yaml.ToString();
    }

    private static void Storage(StringBuilder yaml, MemoryLevel level, int wordBits)
    {
        yaml.Append(CultureInfo.InvariantCulture, $"  - name: {Quoted(level.Name)}\n");
        if (level.CapacityWords is long entries)
            yaml.Append(CultureInfo.InvariantCulture, $"    entries: {Math.Min(entries, uint.MaxValue)}\n");
        else
            yaml.Append("    technology: DRAM\n");
        Instances(yaml, level.Columns, level.Rows);
        yaml.Append(CultureInfo.InvariantCulture, $"    word-bits: {wordBits}\n    block-size: 1\n    cluster-size: 1\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    vector-access-energy: {level.PicojoulesPerWord:R}\n    addr-gen-energy: 0\n");
        yaml.Append("    router-energy: 0\n    energy-per-hop: 0\n    energy-per-ingress: 0\n");
        if (level.ReadWordsPerCycle is double read)
            yaml.Append(CultureInfo.InvariantCulture, $"    read_bandwidth: {read:R}\n");
        if (level.WriteWordsPerCycle is double write)
            yaml.Append(CultureInfo.InvariantCulture, $"    write_bandwidth: {write:R}\n");
    }

    private static void Instances(StringBuilder yaml, int columns, int rows) =>
        yaml.Append(CultureInfo.InvariantCulture, $"    instances: {columns * rows}\n    meshX: {columns}\n");

    private static string Problem(CheckedDataflow flow)
    {
        Workload layer = flow.Workload;
        string channel = layer.IsDepthwise ? "C" : "K";
        StringBuilder yaml = new();
        yaml.Append(CultureInfo.InvariantCulture, $"# Layer {OneLine(flow.Document.Layer)} of {OneLine(flow.Document.Network)}.\n");
        yaml.Append("# No padding: the input is ((P-1)*Stride+R) x ((Q-1)*Stride+S).\nproblem:\n  shape:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    name: {(layer.IsDepthwise ? "depthwise" : "convolution")}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    dimensions: [ {string.Join(", ", Dimensions(layer))} ]\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    coefficients:\n    - name: Stride\n      default: {layer.Stride}\n    data-spaces:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    - name: Weights\n      projection: [ {(layer.IsDepthwise ? "" : "[[K]], ")}[[C]], [[R]], [[S]] ]\n");
        yaml.Append("    - name: Inputs\n      projection: [ [[N]], [[C]], [[P, Stride], [R]], [[Q, Stride], [S]] ]\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    - name: Outputs\n      projection: [ [[N]], [[{channel}]], [[P]], [[Q]] ]\n      read-write: True\n");
        foreach (Dimension dimension in Dimensions(layer))
            yaml.Append(CultureInfo.InvariantCulture, $"  {dimension}: {layer.Bounds[dimension]}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  Stride: {layer.Stride}\n");
        return yaml.ToString();
    }

    private static string Mapping(CheckedDataflow flow, TimeloopTerms terms)
    {
        StringBuilder yaml = new();
        yaml.Append(CultureInfo.InvariantCulture, $"# Dataflow of layer {OneLine(flow.Document.Layer)} on {OneLine(flow.Architecture.Name)}.\n");
        yaml.Append("# Outermost level first; permutations begin with the innermost loop.\nmapping:\n");
        foreach ((int index, DataflowLevel block) in terms.Blocks.Index())
        {
            IEnumerable<(Dimension, int)> temporal = block.Temporal.Reverse().Where(l => l.Bound > 1).Select(l => (l.Dimension, l.Bound));
            Loops(yaml, "temporal", block.Level, [.. temporal], flow.Workload);
            if (terms.Architecture.ChildrenOf(terms.Architecture.Levels.Count - 1 - index) != (1, 1))
            {
                (Dimension, int)[] x = Along(MeshAxis.X, block);
                Loops(yaml, "spatial", block.Level, [.. x, .. Along(MeshAxis.Y, block)], flow.Workload);
                yaml.Append(CultureInfo.InvariantCulture, $"    split: {x.Length}\n");
            }

            Operand[] all = Enum.GetValues<Operand>();
            yaml.Append(CultureInfo.InvariantCulture, $"  - target: {Quoted(block.Level)}\n    type: datatype\n");
            Tensors(yaml, "keep", [.. all.Where(o => block.Keeps.Contains(o))]);
            Tensors(yaml, "bypass", [.. all.Where(o => !block.Keeps.Contains(o))]);
        }

        return yaml.ToString();
    }

    private static (Dimension, int)[] Along(MeshAxis axis, DataflowLevel block) =>
    [
        .. block.Spatial.Where(l => l.Axis == axis && l.Bound > 1).GroupBy(l => l.Dimension)
            .Select(g => (g.Key, g.Aggregate(1, (product, loop) => product * loop.Bound))),
    ];

    private static void Loops(StringBuilder yaml, string type, string level, IReadOnlyList<(Dimension Dimension, int Bound)> loops, Workload layer)
    {
        Dimension[] rest = [.. Dimensions(layer).Except(loops.Select(l => l.Dimension))];
        IEnumerable<string> factors =
            loops.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Dimension}={l.Bound}")).Concat(rest.Select(d => $"{d}=1"));
        yaml.Append(CultureInfo.InvariantCulture, $"  - target: {Quoted(level)}\n    type: {type}\n    factors: {string.Join(' ', factors)}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    permutation: {string.Concat(loops.Select(l => l.Dimension).Concat(rest))}\n");
    }

    private static void Tensors(StringBuilder yaml, string verb, Operand[] operands)
    {
        if (operands.Length > 0)
            yaml.Append(CultureInfo.InvariantCulture, $"    {verb}: [ {string.Join(", ", operands)} ]\n");
    }

    private static void CheckMeshes(CheckedDataflow flow)
    {
        Architecture architecture = flow.Architecture;
        for (int level = 0; level < architecture.Levels.Count; level++)
        {
            MemoryLevel parent = architecture.Levels[level];
            int columns = level == 0 ? architecture.Macs.Columns : architecture.Levels[level - 1].Columns;
            int rows = level == 0 ? architecture.Macs.Rows : architecture.Levels[level - 1].Rows;
            if (columns % parent.Columns != 0 || rows % parent.Rows != 0)
            {
                throw new InvalidDataException(
                    $"Level '{parent.Name}' of '{architecture.Name}' has {parent.Columns} x {parent.Rows} instances over {columns} x {rows}; Timeloop accepts meshes that divide.");
            }
        }
    }

    private static IEnumerable<Dimension> Dimensions(Workload layer) => Enum.GetValues<Dimension>().Where(d => d != Dimension.K || !layer.IsDepthwise);

    private static string Quoted(string text) =>
        $"\"{OneLine(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
