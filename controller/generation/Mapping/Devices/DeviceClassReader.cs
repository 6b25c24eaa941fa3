using System.Text.Json;
using System.Text.RegularExpressions;
using InstantNet.Contracts;

namespace InstantNet.Generation.Mapping.Devices;

/// <summary>Reads device classes from JSON and finds every fault at once. Stateless.</summary>
public static partial class DeviceClassReader
{
    private const int Version = 1;
    private const double MaxNumber = 1e15;
    private const double BytesPerWord = Architecture.WordBits / 8.0;

    // No memory and no unit works for nothing: a zero there is a forgotten figure. Network energy may be unknown, and then is 0.
    private const double LeastPicojoules = 1e-6;
    private static readonly string[] CommonFields = ["v", "id", "kind", "description", "sources", "idleMilliwatts"];
    private static readonly string[] AcceleratorFields = ["clockMegahertz", "accumulatorBits", "mac", "levels", "fpga"];

    /// <summary>Reads one class.</summary>
    /// <param name="utf8Json">The document; left open.</param>
    /// <param name="faults">One sentence per fault, each beginning with the path of the field; empty when the class is good.</param>
    /// <returns>The class, or null when there are faults.</returns>
    public static DeviceClass? Read(Stream utf8Json, out IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(utf8Json);
        FaultCollector found = new("a device class");
        faults = found.Sentences;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8Json);
            DeviceClass? device = ReadClass(new FaultCollector.Section(document.RootElement, "", found));
            return found.Sentences.Count == 0 ? device : null;
        }
        catch (JsonException fault)
        {
            found.Add($"The file is not JSON from line {fault.LineNumber + 1} on.");
            return null;
        }
    }

    [GeneratedRegex("^[a-z0-9_-]{1,64}$")]
    private static partial Regex IdPattern();

    private static DeviceClass? ReadClass(FaultCollector.Section root)
    {
        if (!root.IsObject)
            return null;
        string kindName = root.Text("kind", ["dataflow", "measured"]);
        bool hasDataflow = kindName == "dataflow";
        root.Number("v", Version, Version);
        string id = root.Text("id");
        if (id.Length > 0 && !IdPattern().IsMatch(id))
            root.Fault("id", "must be 1 to 64 of a-z, 0-9, '_' and '-'");
        string description = root.Text("description");
        root.Texts("sources", []);
        double idle = root.Number("idleMilliwatts", 0, MaxNumber);
        root.RefuseOthers(kindName.Length == 0 || hasDataflow ? [.. CommonFields, .. AcceleratorFields] : CommonFields);
        if (!hasDataflow)
            return new DeviceClass(id, DeviceKind.Measured, description, idle, null);

        double clock = root.Number("clockMegahertz", 0.001, MaxNumber);
        int accumulator = root.Whole("accumulatorBits", 2, 64);
        MacArray? macs = ReadMacs(root.Child("mac"));
        FpgaBudget? fpga = root.Has("fpga") ? ReadFpga(root.Child("fpga"), macs) : null;
        List<MemoryLevel> levels = ReadLevels(root, accumulator);
        Architecture? architecture = macs is null || root.HasFaults ? null : Assemble(root, id, levels, macs);
        return architecture is null
            ? null
            : new DeviceClass(id, DeviceKind.Dataflow, description, idle, new Accelerator(architecture, clock, accumulator, fpga));
    }

    private static MacArray? ReadMacs(FaultCollector.Section mac)
    {
        if (!mac.IsObject)
            return null;
        mac.RefuseOthers(["columns", "rows", "rule", "operandBits", "picojoulesPer16BitMac", "floatEnergyFactor", "floatMacsPerCycle"]);
        IReadOnlyList<int> widths = mac.Wholes("operandBits", 1, Architecture.WordBits);
        if (widths.Count == 0 || widths[^1] != Architecture.WordBits || !widths.SequenceEqual(widths.Distinct().Order()))
            mac.Fault("operandBits", $"must rise and end with {Architecture.WordBits}");
        return new MacArray
        {
            Columns = mac.Whole("columns", 1, 4096),
            Rows = mac.Whole("rows", 1, 4096),
            Rule = mac.Text("rule", ["fixed", "bitfusion", "bitserial", "packed"]) switch
            {
                "bitfusion" => MacRule.BitFusion,
                "bitserial" => MacRule.BitSerial,
                "packed" => MacRule.Packed,
                _ => MacRule.Fixed,
            },
            OperandWidths = widths,
            PicojoulesPerMac = mac.Number("picojoulesPer16BitMac", LeastPicojoules, MaxNumber),
            FloatEnergyFactor = mac.Number("floatEnergyFactor", 1, MaxNumber),
            FloatMacsPerCycle = mac.Number("floatMacsPerCycle", 1e-6, 1),
        };
    }

    private static FpgaBudget? ReadFpga(FaultCollector.Section fpga, MacArray? macs)
    {
        if (!fpga.IsObject)
            return null;
        fpga.RefuseOthers(["dsps", "bram18Kibits"]);
        const int most = 1_000_000;
        return new FpgaBudget(fpga.Whole("dsps", macs?.Count ?? 1, most), fpga.Whole("bram18Kibits", 1, most)); // a unit takes a DSP
    }

    private static List<MemoryLevel> ReadLevels(FaultCollector.Section root, int accumulatorBits)
    {
        HashSet<string> taken = new(StringComparer.Ordinal);
        List<MemoryLevel> levels = [];
        foreach (FaultCollector.Section section in root.Children("levels"))
        {
            MemoryLevel level = ReadLevel(section, accumulatorBits);
            if (level.Name.Length > 0 && !taken.Add(level.Name))
                section.Fault("name", $"is '{level.Name}', as a level inside it is called");
            levels.Add(level);
        }

        return levels;
    }

    /// <summary>Bytes of one word of each tensor at the precision with the widest words: with fewer, some layer has no mapping.</summary>
    private static double LeastBytes(OperandSet keeps, int accumulatorBits)
    {
        double bits = keeps.HasFlag(OperandSet.Weights) ? Precision.MaxBits : 0;
        bits += keeps.HasFlag(OperandSet.Inputs) ? Precision.MaxBits : 0;
        bits += keeps.HasFlag(OperandSet.Outputs) ? Math.Max(Precision.MaxBits, accumulatorBits) : 0;
        return Math.Max(1, Math.Ceiling(bits / Architecture.WordBits)) * BytesPerWord;
    }

    private static MemoryLevel ReadLevel(FaultCollector.Section level, int accumulatorBits)
    {
        level.RefuseOthers([
            "name", "columns", "rows", "capacityBytes", "picojoulesPer16Bits", "networkPicojoulesPer16Bits",
            "readBitsPerCycle", "writeBitsPerCycle", "keeps", "mayBypass"]);
        OperandSet keeps = ReadOperands(level, "keeps"), mayBypass = level.Has("mayBypass") ? ReadOperands(level, "mayBypass") : OperandSet.None;
        if ((mayBypass & ~keeps) != 0)
            level.Fault("mayBypass", "names a tensor that the level does not keep");
        const double bitsPerWord = Architecture.WordBits;
        return new MemoryLevel
        {
            Name = level.Text("name"),
            Columns = level.Whole("columns", 1, 4096),
            Rows = level.Whole("rows", 1, 4096),
            CapacityWords = level.Has("capacityBytes") ? (long)(level.Number("capacityBytes", LeastBytes(keeps, accumulatorBits), MaxNumber) / BytesPerWord) : null,
            PicojoulesPerWord = level.Number("picojoulesPer16Bits", LeastPicojoules, MaxNumber),
            NetworkPicojoulesPerWord = level.Has("networkPicojoulesPer16Bits") ? level.Number("networkPicojoulesPer16Bits", 0, MaxNumber) : 0,
            ReadWordsPerCycle = level.Has("readBitsPerCycle") ? level.Number("readBitsPerCycle", 1e-6, MaxNumber) / bitsPerWord : null,
            WriteWordsPerCycle = level.Has("writeBitsPerCycle") ? level.Number("writeBitsPerCycle", 1e-6, MaxNumber) / bitsPerWord : null,
            Keeps = keeps,
            MayBypass = mayBypass,
        };
    }

    private static OperandSet ReadOperands(FaultCollector.Section level, string field) => level
        .Texts(field, ["weights", "inputs", "outputs"])
        .Aggregate(OperandSet.None, (set, name) => set | (name switch { "weights" => OperandSet.Weights, "inputs" => OperandSet.Inputs, _ => OperandSet.Outputs }));

    private static Architecture? Assemble(FaultCollector.Section root, string id, List<MemoryLevel> levels, MacArray macs)
    {
        try
        {
            return new Architecture(id, levels, macs);
        }
        catch (ArgumentException fault)
        {
            root.Fault("levels", $"do not fit together: {fault.Message.Split(" (Parameter ")[0].TrimEnd('.')}");
            return null;
        }
    }
}
