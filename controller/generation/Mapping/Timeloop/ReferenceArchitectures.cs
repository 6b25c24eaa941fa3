using System.Reflection;
using System.Text.Json;

namespace InstantNet.Generation.Mapping.Timeloop;

/// <summary>The architectures that reference mappings were computed for, and how such an architecture is written.</summary>
internal static class ReferenceArchitectures
{
    private const string Resource = "InstantNet.Generation.Mapping.Timeloop.reference-archs.json";

    /// <summary>eyeriss168, edge64, ws256 and flat256 by name.</summary>
    public static Dictionary<string, Architecture> BuiltIn()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using JsonDocument document = JsonDocument.Parse(stream);
        return Read(new JsonField(document.RootElement, "archs"));
    }

    /// <summary>Reads an object of architectures.</summary>
    /// <exception cref="InvalidDataException">One sentence that begins with the path of the field.</exception>
    public static Dictionary<string, Architecture> Read(JsonField archs)
    {
        Dictionary<string, Architecture> architectures = new(StringComparer.Ordinal);
        foreach ((string name, JsonField field) in archs.Members())
        {
            (int columns, int rows) = ReadMesh(field.Member("mac_mesh"));
            MacArray macs = new() { Columns = columns, Rows = rows, PicojoulesPerMac = field.Member("mac_energy").NumberFrom(0) };
            MemoryLevel[] levels = [.. field.Member("levels").Items().Select(ReadLevel)];
            architectures[name] = field.Make(() => new Architecture(name, levels, macs));
        }

        return architectures;
    }

    private static MemoryLevel ReadLevel(JsonField field)
    {
        (int columns, int rows) = ReadMesh(field.Member("mesh"));
        long? entries = field.OptionalMember("entries")?.Positive();
        return new MemoryLevel
        {
            Name = field.Member("name").Text(),
            CapacityWords = entries,
            PicojoulesPerWord = field.Member("energy").NumberFrom(0),
            ReadWordsPerCycle = field.OptionalMember("read_bw")?.NumberFrom(double.Epsilon),
            WriteWordsPerCycle = field.OptionalMember("write_bw")?.NumberFrom(double.Epsilon),
            Columns = columns,
            Rows = rows,
            Keeps = ReadKeeps(field, entries),
        };
    }

    // The field is ours; where it is missing a register of one word is a weight register, as in the files that lack it.
    private static OperandSet ReadKeeps(JsonField level, long? entries)
    {
        if (level.OptionalMember("keeps") is JsonField keeps)
            return keeps.Items().Aggregate(OperandSet.None, (set, k) => set | (OperandSet)(1 << (int)k.Choice<Operand>()));
        return entries == 1 ? OperandSet.Weights : OperandSet.All;
    }

    private static (int Columns, int Rows) ReadMesh(JsonField field) =>
        field.Items() is [var columns, var rows] ? (columns.Positive(), rows.Positive()) : throw field.Wrong("two whole numbers, columns and rows");
}
