namespace InstantNet.Generation.Mapping.Search;

/// <summary>Mappings side by side in flat arrays, ranked by cost. One thread.</summary>
internal sealed class Population
{
    private readonly int[] _bounds;
    private readonly byte[] _orders;
    private readonly byte[] _keeps;
    private readonly int _levels;
    private readonly double[] _keys;

    public Population(int size, int levels)
    {
        Size = size;
        _levels = levels;
        _bounds = new int[size * BoundsLength];
        _orders = new byte[size * OrdersLength];
        _keeps = new byte[size * levels];
        _keys = new double[size];
        Ranks = new int[size];
        Scores = new double[size];
    }

    public int Size { get; }

    /// <summary>Indices of members, best first, after <see cref="Rank"/>.</summary>
    public int[] Ranks { get; }

    /// <summary>What to minimise, by member.</summary>
    public double[] Scores { get; }

    private int BoundsLength => 3 * _levels * MappingView.Width;

    private int OrdersLength => _levels * MappingView.Width;

    public Span<int> Bounds(int member) => _bounds.AsSpan(member * BoundsLength, BoundsLength);

    public Span<byte> Orders(int member) => _orders.AsSpan(member * OrdersLength, OrdersLength);

    public Span<byte> Keeps(int member) => _keeps.AsSpan(member * _levels, _levels);

    public MappingView View(int member) => new(Bounds(member), Orders(member), Keeps(member));

    public void Copy(MappingView from, int member)
    {
        from.Bounds.CopyTo(Bounds(member));
        from.Orders.CopyTo(Orders(member));
        from.Keeps.CopyTo(Keeps(member));
    }

    /// <summary>Sorts by score; of several members with one score all but the first go to the end, since they are most often the same mapping.</summary>
    public void Rank()
    {
        Scores.CopyTo(_keys, 0);
        for (int i = 0; i < Size; i++)
        {
            Ranks[i] = i;
        }

        Array.Sort(_keys, Ranks);
        int kept = 1;
        for (int i = 1; i < Size; i++)
        {
            if (_keys[i] == _keys[kept - 1])
                continue;
            _keys[kept] = _keys[i];
            (Ranks[kept], Ranks[i]) = (Ranks[i], Ranks[kept]);
            kept++;
        }
    }
}
