using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace InstantNet.Generation.Mapping;

/// <summary>Distinct tiles that the children of one instance hold, and the children themselves.</summary>
internal readonly record struct Fanout(long Weights, long Inputs, long Outputs, long Children);

/// <summary>Tile sizes and words transferred, from the loops alone: no energies, no bits. Sources: semantics of Timeloop's dense analysis.</summary>
internal sealed class LoopGeometry
{
    private const int Width = MappingView.Width;
    private const int N = (int)Dimension.N, K = (int)Dimension.K, C = (int)Dimension.C;
    private const int P = (int)Dimension.P, Q = (int)Dimension.Q, R = (int)Dimension.R, S = (int)Dimension.S;
    private const int NoAxis = 0, RowAxis = 3, ColumnAxis = 4;

    // Data dimension of the inputs that a loop moves along, by loop dimension; K moves none.
    private static ReadOnlySpan<byte> InputAxis => [1, NoAxis, 2, RowAxis, ColumnAxis, RowAxis, ColumnAxis, NoAxis];

    private readonly long _stride;
    private readonly int _outputChannel;
    private readonly byte[] _walks = new byte[Width];

    public LoopGeometry(Workload workload)
    {
        _stride = workload.Stride;
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
        long rows = DistinctSums(p, _stride * child[P], r, child[R]);
        long columns = DistinctSums(q, _stride * child[Q], s, child[S]);
        long channels = _outputChannel == C ? c : k;
        return new Fanout(k * c * r * s, n * c * rows * columns, n * channels * p * q, n * k * c * p * q * r * s);
    }

    /// <summary>Words of each tensor that one instance of each level receives over the run; row of three per level.</summary>
    /// <remarks>
    /// Weights and outputs stay while only loops that do not walk over them turn; from the first that does, every step brings a whole tile.
    /// Inputs follow Timeloop's sampling exactly: each loop is sampled at iterations 0 and 1, and a tile is kept in part only while the move
    /// from tile to tile repeats the innermost loop's. The carry into loop k moves by v(k) - v(1) - … - v(k-1), and the innermost loop runs
    /// between any two carries, so comparing each carry with v(1) gives the sampled sum without sampling.
    /// </remarks>
    [SkipLocalsInit]
    public void Transfers(MappingView mapping, int levels, ReadOnlySpan<int> below, ReadOnlySpan<int> steps, Span<long> transfers)
    {
        Span<OuterLoop> loops = stackalloc OuterLoop[Architecture.MaxLevels * MappingView.Dimensions];
        Span<int> starts = stackalloc int[Architecture.MaxLevels + 1];
        int count = 0;
        for (int level = 1; level < levels; level++)
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
        for (int level = 0; level < levels; level++)
        {
            ReadOnlySpan<int> tile = below.Slice((level + 1) * Width, Width);
            ReadOnlySpan<OuterLoop> outer = loops[starts[level + 1]..count];
            Span<long> received = transfers.Slice(level * 3, 3);
            (long weightTurns, long outputTurns) = Turns(outer);
            received[0] = WeightTile(tile) * weightTurns;
            received[1] = InputTransfer(tile, outer);
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

    private long InputTransfer(ReadOnlySpan<int> tile, ReadOnlySpan<OuterLoop> outer)
    {
        long rows = InputRows(tile), columns = InputColumns(tile);
        long full = (long)tile[N] * tile[C] * rows * columns;
        if (outer.Length == 0)
            return full;

        OuterLoop first = outer[0];
        long repeated = first.Axis switch
        {
            NoAxis => 0,
            RowAxis => full / rows * Math.Min(rows, first.Move),
            ColumnAxis => full / columns * Math.Min(columns, first.Move),
            _ => full,
        };
        long words = full + ((first.Bound - 1) * repeated);
        int axis = first.Axis;
        long moved = first.Move, target = first.Move;
        bool mayRepeat = repeated != full;
        foreach (OuterLoop loop in outer[1..])
        {
            long arrival = full;
            if (mayRepeat && loop.Axis == NoAxis)
            {
                arrival = moved == 0 ? repeated : full;
            }
            else if (mayRepeat)
            {
                mayRepeat = axis == NoAxis || loop.Axis == axis;
                if (mayRepeat && loop.Move - moved == target)
                    arrival = repeated;
                axis = loop.Axis;
                moved += loop.Move;
            }

            words = (words * loop.Bound) - ((loop.Bound - 1) * (full - arrival));
        }

        return words;
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

    /// <summary>A temporal loop of more than one iteration.</summary>
    /// <param name="Bound">Iterations.</param>
    /// <param name="Walks">Tensors it walks over, an <see cref="OperandSet"/>.</param>
    /// <param name="Axis">Data dimension of the inputs that it moves along.</param>
    /// <param name="Move">Elements that one iteration moves there.</param>
    private readonly record struct OuterLoop(int Bound, byte Walks, byte Axis, long Move);
}
