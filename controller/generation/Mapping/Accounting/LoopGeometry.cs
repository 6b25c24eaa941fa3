using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>Distinct tiles that the children of one instance hold, and the children themselves.</summary>
/// <param name="Weights">Distinct tiles of the weights.</param>
/// <param name="Inputs">Of the inputs.</param>
/// <param name="Outputs">Of the outputs.</param>
/// <param name="Children">Instances fanned out to.</param>
/// <param name="Union">Words of all children's input tiles together, overlaps once; 0 when overlaps are not looked at.</param>
/// <param name="Box">Words of one child's input tile.</param>
internal readonly record struct Fanout(long Weights, long Inputs, long Outputs, long Children, long Union, long Box)
{
    /// <summary>Words of inputs that the parent gives, when each child gets so many.</summary>
    /// <param name="words">Per child.</param>
    /// <param name="areTiles">Whether the children hold tiles; words that go straight to the units have no neighbours to share.</param>
    public long InputsGiven(long words, bool areTiles) => Union == 0 || !areTiles ? words * Inputs : (long)((Int128)words * Union / Box);
}

/// <summary>Tile sizes and words transferred, from the loops alone: no energies, no bits. Sources: semantics of Timeloop's dense analysis.</summary>
internal sealed class LoopGeometry
{
    private const int Width = MappingView.Width;
    private const int N = (int)Dimension.N, K = (int)Dimension.K, C = (int)Dimension.C;
    private const int P = (int)Dimension.P, Q = (int)Dimension.Q, R = (int)Dimension.R, S = (int)Dimension.S;

    // Data dimension of the inputs that a loop moves along, by loop dimension; K moves none.
    private static ReadOnlySpan<byte> InputAxis =>
        [1, InputTraffic.NoAxis, 2, InputTraffic.RowAxis, InputTraffic.ColumnAxis, InputTraffic.RowAxis, InputTraffic.ColumnAxis, InputTraffic.NoAxis];

    private readonly long _stride;
    private readonly int _outputChannel;
    private readonly bool _sharesHalos;
    private readonly InputTraffic _inputs;
    private readonly byte[] _walks = new byte[Width];

    public LoopGeometry(Workload workload, PhysicalEffects effects)
    {
        _stride = workload.Stride;
        _sharesHalos = (effects & PhysicalEffects.SpatialHalo) != 0;
        _inputs = new InputTraffic(workload, effects);
        _outputChannel = workload.IsDepthwise ? C : K;
        foreach (Dimension dimension in Enum.GetValues<Dimension>())
        {
            foreach (Operand operand in Enum.GetValues<Operand>())
            {
                if (workload.Walks(dimension, operand))
                    _walks[(int)dimension] |= (byte)(1 << (int)operand);
            }
        }
    }

    /// <summary>Running products of the bounds.</summary>
    /// <param name="mapping">The loops.</param>
    /// <param name="levels">Memory levels.</param>
    /// <param name="below">Row l: elements per dimension covered by the blocks inside level l; row L: the whole layer.</param>
    /// <param name="steps">Row l: elements that one iteration of level l's temporal loops advances.</param>
    public static void Extents(MappingView mapping, int levels, Span<int> below, Span<int> steps)
    {
        Vector256<int> product = Vector256<int>.One;
        product.CopyTo(below);
        for (int level = 0; level < levels; level++)
        {
            Vector256<int> x = Vector256.Create(mapping.Bounds.Slice((levels + level) * Width, Width));
            Vector256<int> y = Vector256.Create(mapping.Bounds.Slice(((2 * levels) + level) * Width, Width));
            product *= x * y;
            product.CopyTo(steps[(level * Width)..]);
            product *= Vector256.Create(mapping.Bounds.Slice(level * Width, Width));
            product.CopyTo(below[((level + 1) * Width)..]);
        }
    }

    public static long WeightTile(ReadOnlySpan<int> e) => (long)e[K] * e[C] * e[R] * e[S];

    public long InputTile(ReadOnlySpan<int> e) => (long)e[N] * e[C] * InputRows(e) * InputColumns(e);

    public long OutputTile(ReadOnlySpan<int> e) => (long)e[N] * e[_outputChannel] * e[P] * e[Q];

    /// <summary>Distinct tile offsets among the children of one instance.</summary>
    /// <param name="mapping">The loops.</param>
    /// <param name="levels">Memory levels.</param>
    /// <param name="level">Level that fans out.</param>
    /// <param name="child">Elements that one child covers.</param>
    public Fanout DistinctTiles(MappingView mapping, int levels, int level, ReadOnlySpan<int> child)
    {
        Vector256<int> spatial = Vector256.Create(mapping.Bounds.Slice((levels + level) * Width, Width))
            * Vector256.Create(mapping.Bounds.Slice(((2 * levels) + level) * Width, Width));
        long n = spatial[N], k = spatial[K], c = spatial[C], p = spatial[P], q = spatial[Q], r = spatial[R], s = spatial[S];
        long channels = _outputChannel == C ? c : k, children = n * k * c * p * q * r * s;
        long rows = DistinctSums(p, _stride * child[P], r, child[R]);
        long columns = DistinctSums(q, _stride * child[Q], s, child[S]);
        long union = 0;
        if (_sharesHalos)
        {
            Span<int> whole = stackalloc int[Width];
            (Vector256.Create(child[..Width]) * spatial).CopyTo(whole);
            union = n * c * _inputs.Rows(whole) * _inputs.Columns(whole);
        }

        return new Fanout(k * c * r * s, n * c * rows * columns, n * channels * p * q, children, union, _inputs.Rows(child) * _inputs.Columns(child));
    }

    /// <summary>Words of each tensor that a unit and one instance of each level receive over the run.</summary>
    /// <param name="mapping">The loops.</param>
    /// <param name="levels">Memory levels.</param>
    /// <param name="from">Level whose loops are the first to count: 0 fills the unit's row, 1 leaves it out.</param>
    /// <param name="last">Last row to fill, at most <paramref name="levels"/>.</param>
    /// <param name="below">From <see cref="Extents"/>.</param>
    /// <param name="steps">From <see cref="Extents"/>.</param>
    /// <param name="transfers">Rows of three: row 0 is the unit's, row l + 1 level l's.</param>
    /// <remarks>
    /// Weights and outputs stay while only loops that do not walk over them turn; from the first that does, every step brings a whole tile.
    /// </remarks>
    [SkipLocalsInit]
    public void Transfers(MappingView mapping, int levels, int from, int last, ReadOnlySpan<int> below, ReadOnlySpan<int> steps, Span<long> transfers)
    {
        Span<OuterLoop> loops = stackalloc OuterLoop[Architecture.MaxLevels * MappingView.Dimensions];
        Span<int> starts = stackalloc int[Architecture.MaxLevels + 1];
        int count = 0;
        for (int level = from; level < levels; level++)
        {
            starts[level] = count;
            ReadOnlySpan<int> bounds = mapping.Bounds.Slice(level * Width, Width);
            ReadOnlySpan<byte> order = mapping.Orders.Slice(level * Width, Width);
            for (int i = 0; i < MappingView.Dimensions; i++)
            {
                int d = order[i];
                int bound = bounds[d];
                if (bound == 1)
                    continue;
                long step = steps[(level * Width) + d];
                long move = d switch { K => 0, P or Q => step * _stride, _ => step };
                loops[count++] = new OuterLoop(bound, _walks[d], InputAxis[d], move);
            }
        }

        starts[levels] = count;
        for (int row = from; row <= last; row++)
        {
            ReadOnlySpan<int> tile = below.Slice(row * Width, Width);
            ReadOnlySpan<OuterLoop> outer = loops[starts[row]..count];
            Span<long> received = transfers.Slice(row * 3, 3);
            (long weightTurns, long outputTurns) = Turns(outer);
            received[0] = WeightTile(tile) * weightTurns;
            received[1] = _inputs.Received(tile, outer);
            received[2] = OutputTile(tile) * outputTurns;
        }
    }

    private static (long Weights, long Outputs) Turns(ReadOnlySpan<OuterLoop> outer)
    {
        long weights = 1, outputs = 1;
        int seen = 0;
        foreach (OuterLoop loop in outer)
        {
            seen |= loop.Walks;
            weights *= (seen & (int)OperandSet.Weights) != 0 ? loop.Bound : 1;
            outputs *= (seen & (int)OperandSet.Outputs) != 0 ? loop.Bound : 1;
        }

        return (weights, outputs);
    }

    private long InputRows(ReadOnlySpan<int> e) => (_stride * (e[P] - 1)) + e[R];

    private long InputColumns(ReadOnlySpan<int> e) => (_stride * (e[Q] - 1)) + e[S];

    /// <summary>How many different values a·i + b·j takes for i below m and j below n.</summary>
    private static long DistinctSums(long m, long a, long n, long b)
    {
        if (m == 1 || n == 1)
            return m * n;
        long g = GreatestCommonDivisor(a, b);
        return (m * n) - (Math.Max(0, m - (b / g)) * Math.Max(0, n - (a / g)));
    }

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
