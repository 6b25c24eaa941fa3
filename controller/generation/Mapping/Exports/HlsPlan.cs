using System.Globalization;

namespace InstantNet.Generation.Mapping.Exports;

/// <summary>A dataflow as loops, buffers and types of C++; decides everything that the text of the kernel only spells out.</summary>
/// <remarks>
/// Instances of a level run in lockstep, so that the temporal loops of all levels stand outside and the spatial loops of all levels inside:
/// that is the one form in which a synthesiser makes units that work side by side.
/// </remarks>
internal sealed class HlsPlan
{
    private const int MinBits = 2;
    private const int MaxBits = 16;
    private const int MaxAccumulatorBits = 62;

    private HlsPlan(CheckedDataflow flow, string identifier)
    {
        Flow = flow;
        Identifier = identifier;
        (Temporal, Spatial) = Loops(flow);
        AccumulatorBits = AccumulatorBitsOf(flow);
        Buffers = MakeBuffers();
    }

    public CheckedDataflow Flow { get; }

    /// <summary>Stem of every C++ name at file level.</summary>
    public string Identifier { get; }

    /// <summary>All temporal loops, outermost first.</summary>
    public IReadOnlyList<HlsLoop> Temporal { get; }

    /// <summary>All spatial loops, outermost level first.</summary>
    public IReadOnlyList<HlsLoop> Spatial { get; }

    /// <summary>Bits of a signed number that holds every partial sum of the layer.</summary>
    public int AccumulatorBits { get; }

    /// <summary>On-chip buffers, outermost first.</summary>
    public IReadOnlyList<HlsBuffer> Buffers { get; }

    /// <exception cref="InvalidDataException">Weights or inputs are not integers of 2 to 16 bits, or sums need more than 62.</exception>
    public static HlsPlan Of(CheckedDataflow flow, string identifier)
    {
        OperandBits bits = flow.Document.Bits;
        if (bits.Weights is < MinBits or > MaxBits || bits.Inputs is < MinBits or > MaxBits)
        {
            throw new InvalidDataException(
                $"Layer '{flow.Document.Layer}' has weights of {bits.Weights} and inputs of {bits.Inputs} bits; HLS export accepts integers of {MinBits} to {MaxBits} bits.");
        }

        if (AccumulatorBitsOf(flow) is var sum and > MaxAccumulatorBits)
            throw new InvalidDataException($"Layer '{flow.Document.Layer}' has sums of {sum} bits; HLS export accepts up to {MaxAccumulatorBits}.");
        return new HlsPlan(flow, identifier);
    }

    /// <summary>The nearest buffer from a level outwards that keeps a tensor; null is the memory outside.</summary>
    public HlsBuffer? KeeperFrom(Operand operand, int level) => Buffers.LastOrDefault(b => b.Operand == operand && b.Level >= level);

    public bool Walks(HlsLoop loop, Operand operand) => Flow.Workload.Walks(loop.Dimension, operand);

    /// <summary>Elements per dimension of the tile that loops of the given extents cover.</summary>
    /// <returns>[K C R S], [N C rows columns] or [N K P Q]; [C R S] and [N C P Q] of a depthwise layer.</returns>
    public long[] Shape(Operand operand, Func<Dimension, long> extent)
    {
        int stride = Flow.Workload.Stride;
        bool depthwise = Flow.Workload.IsDepthwise;
        return operand switch
        {
            Operand.Weights when depthwise => [extent(Dimension.C), extent(Dimension.R), extent(Dimension.S)],
            Operand.Weights => [extent(Dimension.K), extent(Dimension.C), extent(Dimension.R), extent(Dimension.S)],
            Operand.Inputs =>
            [
                extent(Dimension.N), extent(Dimension.C),
                ((extent(Dimension.P) - 1) * stride) + extent(Dimension.R), ((extent(Dimension.Q) - 1) * stride) + extent(Dimension.S),
            ],
            _ => [extent(Dimension.N), extent(depthwise ? Dimension.C : Dimension.K), extent(Dimension.P), extent(Dimension.Q)],
        };
    }

    /// <summary>Per dimension of a tensor, the position that loops lead to, as a C++ expression; empty where it is 0.</summary>
    /// <param name="operand">Whose dimensions.</param>
    /// <param name="loops">Those that move it; others may be among them.</param>
    public string[] Position(Operand operand, IEnumerable<HlsLoop> loops)
    {
        HlsLoop[] all = [.. loops];
        string[][] terms = Axes(operand).Select(axis => axis.SelectMany(part => all.Where(l => l.Dimension == part.Dimension)
            .Select(l => Term(l.Name, l.Step * (long)part.Factor))).ToArray()).ToArray();
        return [.. terms.Select(t => string.Join(" + ", t))];
    }

    /// <summary>Which loop dimensions move each dimension of a tensor, and how far.</summary>
    public (Dimension Dimension, int Factor)[][] Axes(Operand operand)
    {
        int stride = Flow.Workload.Stride;
        Dimension channel = Flow.Workload.IsDepthwise ? Dimension.C : Dimension.K;
        (Dimension, int)[][] weights = [[(Dimension.K, 1)], [(Dimension.C, 1)], [(Dimension.R, 1)], [(Dimension.S, 1)]];
        return operand switch
        {
            Operand.Weights => Flow.Workload.IsDepthwise ? weights[1..] : weights,
            Operand.Inputs => [[(Dimension.N, 1)], [(Dimension.C, 1)], [(Dimension.P, stride), (Dimension.R, 1)], [(Dimension.Q, stride), (Dimension.S, 1)]],
            _ => [[(Dimension.N, 1)], [(channel, 1)], [(Dimension.P, 1)], [(Dimension.Q, 1)]],
        };
    }

    private static string Term(string name, long factor) =>
        factor == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} * {factor}");

    private static (List<HlsLoop> Temporal, List<HlsLoop> Spatial) Loops(CheckedDataflow flow)
    {
        List<HlsLoop> temporal = [], spatial = [];
        int[] inside = [.. Enumerable.Repeat(1, MappingView.Dimensions)];
        for (int level = 0; level < flow.Architecture.Levels.Count; level++)
        {
            DataflowLevel block = flow.Document.Levels[^(level + 1)];
            string Name(Dimension dimension, string kind) =>
                string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(dimension.ToString()[0])}{level}{kind}");
            List<HlsLoop> here = [];
            foreach (SpatialLoop loop in block.Spatial.Where(l => l.Bound > 1).OrderBy(l => l.Axis))
            {
                string kind = loop.Axis == MeshAxis.X ? "x" : "y";
                int repeated = here.Count(h => h.Dimension == loop.Dimension && h.Name.Contains(kind, StringComparison.Ordinal));
                here.Add(new HlsLoop(Name(loop.Dimension, kind + new string('_', repeated)), level, loop.Dimension, loop.Bound, inside[(int)loop.Dimension]));
                inside[(int)loop.Dimension] *= loop.Bound;
            }

            spatial.InsertRange(0, here);
            here = [];
            foreach (TemporalLoop loop in block.Temporal.Where(l => l.Bound > 1))
            {
                here.Add(new HlsLoop(Name(loop.Dimension, ""), level, loop.Dimension, loop.Bound, inside[(int)loop.Dimension]));
                inside[(int)loop.Dimension] *= loop.Bound;
            }

            temporal.InsertRange(0, here);
        }

        return (temporal, spatial);
    }

    // A sum of n products lies between n * -2^(w-1) * (2^i - 1) and n * (2^(w-1) - 1) * (2^i - 1); so does every part of it.
    private static int AccumulatorBitsOf(CheckedDataflow flow)
    {
        LoopBounds b = flow.Workload.Bounds;
        Int128 products = (Int128)b.R * b.S * (flow.Workload.IsDepthwise ? 1 : b.C);
        Int128 lowest = products * ((Int128.One << flow.Document.Bits.Inputs) - 1) << (flow.Document.Bits.Weights - 1);
        int bits = 1;
        while (Int128.One << (bits - 1) < lowest)
            bits++;
        return bits;
    }

    private List<HlsBuffer> MakeBuffers()
    {
        List<HlsBuffer> buffers = [];
        for (int level = Flow.Architecture.Levels.Count - 2; level >= 0; level--)
        {
            foreach (Operand operand in Flow.Document.Levels[^(level + 1)].Keeps.Distinct().Order())
            {
                HlsLoop[] inside = [.. Temporal.Concat(Spatial).Where(l => l.Level <= level)];
                long[] shape = Shape(operand, d => inside.Where(l => l.Dimension == d).Aggregate(1L, (product, l) => product * l.Bound));
                int depth = Temporal.Index().Where(l => l.Item.Level > level && Walks(l.Item, operand)).Select(l => l.Index + 1).DefaultIfEmpty(0).Max();
                HlsBuffer? parent = buffers.LastOrDefault(b => b.Operand == operand);
                string name = string.Create(CultureInfo.InvariantCulture, $"level{level}_{operand.ToString().ToLowerInvariant()}");
                buffers.Add(new HlsBuffer(name, operand, level, parent, [.. Spatial.Where(l => l.Level > level)], shape, depth));
            }
        }

        return buffers;
    }
}
