using System.Text.Json;

namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>A reference row: what was mapped where, and what Timeloop said about it.</summary>
internal sealed record ReferenceRow(string Id, Workload Workload, Architecture Architecture, EncodedMapping Mapping, JsonField Results);

/// <summary>Reads reference rows; every fault is one sentence that begins with the path of the field.</summary>
internal static class RowsFile
{
    public static List<ReferenceRow> Read(JsonElement document)
    {
        JsonField root = new(document, "");
        Dictionary<string, Architecture> architectures = ReferenceArchitectures.Read(root.Member("archs"));
        return [.. root.Member("rows").Items().Select(row => ReadRow(row, architectures))];
    }

    private static ReferenceRow ReadRow(JsonField row, Dictionary<string, Architecture> architectures)
    {
        JsonField arch = row.Member("arch");
        if (!architectures.TryGetValue(arch.Text(), out Architecture? architecture))
            throw arch.Wrong($"one of the archs of the file ({string.Join(", ", architectures.Keys)})");
        Workload workload = ReadWorkload(row.Member("layer_shape"));
        JsonField mapping = row.Member("mapping");
        Dataflow dataflow = new([.. mapping.Items().Select(ReadBlock)]);
        return new ReferenceRow(
            row.OptionalMember("id")?.Text() ?? row.Path, workload, architecture,
            mapping.Make(() => EncodedMapping.From(dataflow, architecture, workload)), row.Member("results"));
    }

    public static Workload ReadWorkload(JsonField shape)
    {
        JsonField kind = shape.Member("kind");
        bool depthwise = kind.Text() switch { "conv" or "fc" or "pw" or "pg" => false, "dw" => true, _ => throw kind.Wrong("conv, fc, pw, pg or dw") };
        int Bound(string name) => shape.Member(name).Positive();
        LoopBounds bounds = new(Bound("N"), depthwise ? 1 : Bound("K"), Bound("C"), Bound("P"), Bound("Q"), Bound("R"), Bound("S"));
        int stride = Bound("stride");
        return shape.Make(() => new Workload(bounds, stride, depthwise));
    }

    private static DataflowLevel ReadBlock(JsonField block) => new(
        block.Member("level").Text(),
        [.. block.Member("keep").Items().Select(k => k.Choice<Operand>()).Distinct()],
        [.. block.Member("temporal_inner_to_outer").Items().Reverse().Select(ReadTemporal)],
        [.. block.Member("spatial_inner_to_outer").Items().Select(ReadSpatial)]);

    private static TemporalLoop ReadTemporal(JsonField loop) => loop.Items() is [var dimension, var bound]
        ? new TemporalLoop(dimension.Choice<Dimension>(), bound.Positive())
        : throw loop.Wrong("a dimension and a bound");

    private static SpatialLoop ReadSpatial(JsonField loop) => loop.Items() is [var dimension, var bound, var axis]
        ? new SpatialLoop(dimension.Choice<Dimension>(), bound.Positive(), axis.Choice<MeshAxis>())
        : throw loop.Wrong("a dimension, a bound and an axis");
}
