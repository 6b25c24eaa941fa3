namespace InstantNet.Generation.Mapping.Accounting;

/// <summary>Words of the inputs that cross into a tile: what moves, what stays, what is padding. Immutable.</summary>
internal sealed class InputTraffic
{
    public const int NoAxis = 0, RowAxis = 3, ColumnAxis = 4;

    private const int N = (int)Dimension.N, C = (int)Dimension.C;
    private const int P = (int)Dimension.P, Q = (int)Dimension.Q, R = (int)Dimension.R, S = (int)Dimension.S;

    private readonly long _stride;
    private readonly LoopBounds _bounds;
    private readonly int _padding;
    private readonly bool _touchedOnly;
    private readonly bool _keepsHalo;

    public InputTraffic(Workload workload, PhysicalEffects effects)
    {
        _stride = workload.Stride;
        _bounds = workload.Bounds;
        _padding = (effects & PhysicalEffects.ZeroPadding) != 0 ? workload.Padding : 0;
        _touchedOnly = (effects & PhysicalEffects.TouchedInputs) != 0;
        _keepsHalo = (effects & PhysicalEffects.SlidingHalo) != 0;
    }

    /// <summary>Rows of the bounding box of a tile, or of those only that a window touches.</summary>
    public long Rows(ReadOnlySpan<int> e) => Span(e[P], e[R]);

    /// <summary>Columns, as <see cref="Rows"/>.</summary>
    public long Columns(ReadOnlySpan<int> e) => Span(e[Q], e[S]);

    /// <summary>Words that one instance receives over the run.</summary>
    /// <remarks>
    /// Timeloop samples each loop at iterations 0 and 1, and keeps a tile in part only while the move from tile to tile repeats the innermost
    /// loop's. The carry into loop k moves by v(k) - v(1) - … - v(k-1), and the innermost loop runs between any two carries, so comparing each
    /// carry with v(1) gives the sampled sum without sampling.
    /// </remarks>
    public long Received(ReadOnlySpan<int> tile, ReadOnlySpan<OuterLoop> outer)
    {
        long full = (long)tile[N] * tile[C] * Rows(tile) * Columns(tile);
        long words = _keepsHalo ? Sliding(full, tile, outer) : Sampled(full, tile, outer);
        return _padding == 0 ? words : WithoutPadding(words, tile);
    }

    private long Sampled(long full, ReadOnlySpan<int> tile, ReadOnlySpan<OuterLoop> outer)
    {
        if (outer.Length == 0)
            return full;

        OuterLoop first = outer[0];
        long repeated = Repeated(full, tile, first);
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

    /// <summary>The innermost loop that moves the tile brings what is new; every loop outside it brings all of that again.</summary>
    private long Sliding(long full, ReadOnlySpan<int> tile, ReadOnlySpan<OuterLoop> outer)
    {
        while (outer.Length > 0 && outer[0].Axis == NoAxis)
        {
            outer = outer[1..];
        }

        if (outer.Length == 0)
            return full;
        long words = full + ((outer[0].Bound - 1) * Repeated(full, tile, outer[0]));
        foreach (OuterLoop loop in outer[1..])
        {
            words *= loop.Bound;
        }

        return words;
    }

    private long Repeated(long full, ReadOnlySpan<int> tile, OuterLoop loop) => loop.Axis switch
    {
        NoAxis => 0,
        RowAxis => full / Rows(tile) * NewLines(Rows(tile), tile[R], loop.Move),
        ColumnAxis => full / Columns(tile) * NewLines(Columns(tile), tile[S], loop.Move),
        _ => full,
    };

    /// <summary>Lines that a tile has after a move and had not before.</summary>
    private long NewLines(long lines, long filter, long move)
    {
        bool hasGaps = _touchedOnly && filter < _stride;
        if (!hasGaps)
            return Math.Min(lines, move);

        // Lines between the windows are not there: only a move by whole strides meets lines of before.
        return move % _stride == 0 ? Math.Min(lines, move / _stride * filter) : lines;
    }

    private long Span(long outputs, long filter) => ((outputs - 1) * (_touchedOnly ? Math.Min(_stride, filter) : _stride)) + filter;

    private long WithoutPadding(long words, ReadOnlySpan<int> e) =>
        (long)(words * InsideShare(_bounds.P, _bounds.R, e[P], e[R]) * InsideShare(_bounds.Q, _bounds.S, e[Q], e[S]));

    /// <summary>Part of the rows (or columns) of all tiles that lies in the image, 0..1.</summary>
    private double InsideShare(int outputs, int filter, int tileOutputs, int tileFilter)
    {
        long extent = Span(tileOutputs, tileFilter), end = ((outputs - 1) * _stride) + filter - _padding;
        long tiles = 0, inside = 0;
        for (int p = 0; p < outputs; p += tileOutputs)
        {
            for (int r = 0; r < filter; r += tileFilter)
            {
                long begin = (p * _stride) + r;
                tiles++;
                inside += Math.Max(0, Math.Min(begin + extent, end) - Math.Max(begin, _padding));
            }
        }

        return Math.Min(1, (double)inside / (tiles * extent));
    }
}
