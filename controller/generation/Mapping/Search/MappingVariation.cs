using System.Runtime.CompilerServices;
using InstantNet.Generation.Mapping.Accounting;

namespace InstantNet.Generation.Mapping.Search;

/// <summary>Makes new legal mappings from chance or from other mappings: no result is ever thrown away for being illegal. One thread.</summary>
internal sealed class MappingVariation(SearchSpace space, SearchRandom random)
{
    private const int Width = MappingView.Width;
    private const int MostChanges = 4;

    /// <summary>A random mapping.</summary>
    public void Randomize(Span<int> bounds, Span<byte> orders, Span<byte> keeps)
    {
        space.Template.Bounds.CopyTo(bounds);
        space.Template.Orders.CopyTo(orders);
        space.Template.Keeps.CopyTo(keeps);
        foreach (int dimension in space.OpenDimensions)
        {
            foreach (int prime in space.PrimesOf(dimension))
            {
                TilingSlot slot = space.Slots[random.BitOf(space.AllowedFor(dimension))];
                if (SearchSpace.ProductOf(bounds, slot.Row) * prime > slot.Limit)
                    slot = space.Slots[space.HomeOf(dimension)];
                bounds[slot.Row + dimension] *= prime;
            }
        }

        foreach (int level in space.OpenOrders)
        {
            Shuffle(orders.Slice(level * Width, MappingView.Dimensions));
        }

        foreach (int level in space.OpenBypasses)
        {
            ToggleBypass(level, keeps);
        }

        Repair(bounds, keeps);
    }

    /// <summary>Each loop's tiling, each level's order and each level's bypass from one of two parents.</summary>
    public void Cross(MappingView mother, MappingView father, Span<int> bounds, Span<byte> orders, Span<byte> keeps)
    {
        mother.Bounds.CopyTo(bounds);
        ulong chance = random.Next();
        foreach (int dimension in space.OpenDimensions)
        {
            if (((chance >> dimension) & 1) == 0)
                continue;
            foreach (TilingSlot slot in space.Slots)
            {
                bounds[slot.Row + dimension] = father.Bounds[slot.Row + dimension];
            }
        }

        for (int level = 0; level < space.Levels; level++)
        {
            chance >>= 8;
            (((chance & 1) == 0 ? mother : father).Orders).Slice(level * Width, Width).CopyTo(orders[(level * Width)..]);
            keeps[level] = ((chance & 2) == 0 ? mother : father).Keeps[level];
        }

        TrimMeshes(bounds);
    }

    /// <summary>Changes one to four things of a mapping, then makes it legal again.</summary>
    public void Mutate(Span<int> bounds, Span<byte> orders, Span<byte> keeps)
    {
        int changes = 1 + random.Below(MostChanges);
        for (int i = 0; i < changes; i++)
        {
            int kind = random.Below(16);
            if (kind < 9)
                MoveFactor(bounds);
            else if (kind < 11)
                SwapFactors(bounds);
            else if (kind < 15 || space.OpenBypasses.Length == 0)
                MoveLoop(orders);
            else
                ToggleBypass(space.OpenBypasses[random.Below(space.OpenBypasses.Length)], keeps);
        }

        Repair(bounds, keeps);
    }

    /// <summary>Moves factors outwards until every tile fits its level.</summary>
    [SkipLocalsInit]
    public void Repair(Span<int> bounds, ReadOnlySpan<byte> keeps)
    {
        Span<int> below = stackalloc int[(Architecture.MaxLevels + 1) * Width];
        Span<int> steps = stackalloc int[Architecture.MaxLevels * Width];
        LoopGeometry.Extents(new MappingView(bounds, space.Template.Orders, keeps), space.Levels, below, steps);
        for (int level = 0; level < space.Levels - 1; level++)
        {
            Span<int> extents = below.Slice((level + 1) * Width, Width);
            while (space.Model.BitsKept(extents, keeps[level]) > space.CapacityBits(level))
            {
                MoveOutwards(level, bounds, keeps[level], below);
            }
        }
    }

    /// <summary>Takes one prime of a loop that a kept tensor depends on out of the blocks up to a level; temporal factors go first.</summary>
    private void MoveOutwards(int level, Span<int> bounds, int keeps, Span<int> below)
    {
        int start = random.Below(space.OpenDimensions.Length);
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < space.OpenDimensions.Length; i++)
            {
                int dimension = space.OpenDimensions[(start + i) % space.OpenDimensions.Length];
                uint outer = space.AllowedFor(dimension) & ((1u << space.Levels) - (2u << level));
                if ((space.WalksOf(dimension) & keeps) == 0 || (outer == 0 && space.HomeOf(dimension) <= level))
                    continue;
                int from = pass == 0 ? level : space.Levels;
                int until = pass == 0 ? 0 : space.Slots.Length - 1;
                for (int s = from; pass == 0 ? s >= until : s <= until; s += pass == 0 ? -1 : 1)
                {
                    TilingSlot slot = space.Slots[s];
                    if (slot.Level > level || bounds[slot.Row + dimension] == 1)
                        continue;
                    Move(bounds, dimension, slot, space.Slots[outer == 0 ? space.HomeOf(dimension) : random.BitOf(outer)], below);
                    return;
                }
            }
        }

        throw new InvalidOperationException("A tile of one word does not fit, though the space was checked for it.");
    }

    private void Move(Span<int> bounds, int dimension, TilingSlot from, TilingSlot to, Span<int> below)
    {
        int prime = PrimeIn(dimension, bounds[from.Row + dimension]);
        bounds[from.Row + dimension] /= prime;
        bounds[to.Row + dimension] *= prime;
        for (int level = from.Level; level < to.Level; level++)
        {
            below[((level + 1) * Width) + dimension] /= prime;
        }
    }

    /// <summary>One of the loop's primes that divides a factor above 1.</summary>
    private int PrimeIn(int dimension, int factor)
    {
        ReadOnlySpan<int> primes = space.PrimesOf(dimension);
        for (int i = random.Below(primes.Length); ; i = i + 1 == primes.Length ? 0 : i + 1)
        {
            if (factor % primes[i] == 0)
                return primes[i];
        }
    }

    private void MoveFactor(Span<int> bounds)
    {
        if (space.OpenDimensions.Length == 0)
            return;
        int dimension = space.OpenDimensions[random.Below(space.OpenDimensions.Length)];
        uint holding = 0;
        for (int s = 0; s < space.Slots.Length; s++)
        {
            holding |= bounds[space.Slots[s].Row + dimension] > 1 ? 1u << s : 0;
        }

        int from = random.BitOf(holding);
        uint targets = space.AllowedFor(dimension) & ~(1u << from);
        if (targets == 0)
            return;
        TilingSlot to = space.Slots[random.BitOf(targets)];
        int row = space.Slots[from].Row;
        int prime = PrimeIn(dimension, bounds[row + dimension]);
        if (to.Limit != int.MaxValue && !MakeRoom(bounds, to, dimension, prime))
            return;
        bounds[row + dimension] /= prime;
        bounds[to.Row + dimension] *= prime;
    }

    /// <summary>Makes a mesh axis able to take one more factor by sending other loops' factors to the outermost block.</summary>
    private bool MakeRoom(Span<int> bounds, TilingSlot mesh, int dimension, int prime)
    {
        if ((long)bounds[mesh.Row + dimension] * prime > mesh.Limit)
            return false;
        while (SearchSpace.ProductOf(bounds, mesh.Row) * prime > mesh.Limit)
        {
            EvictFrom(bounds, mesh, dimension);
        }

        return true;
    }

    private void EvictFrom(Span<int> bounds, TilingSlot mesh, int except)
    {
        int start = random.Below(space.OpenDimensions.Length);
        for (int i = 0; ; i++)
        {
            int dimension = space.OpenDimensions[(start + i) % space.OpenDimensions.Length];
            if (dimension == except || bounds[mesh.Row + dimension] == 1)
                continue;
            int prime = PrimeIn(dimension, bounds[mesh.Row + dimension]);
            bounds[mesh.Row + dimension] /= prime;
            uint temporal = space.AllowedFor(dimension) & ((1u << space.Levels) - 1);
            bounds[space.Slots[random.BitOf(temporal)].Row + dimension] *= prime;
            return;
        }
    }

    private void TrimMeshes(Span<int> bounds)
    {
        foreach (TilingSlot slot in space.Slots.AsSpan(space.Levels))
        {
            while (SearchSpace.ProductOf(bounds, slot.Row) > slot.Limit)
            {
                EvictFrom(bounds, slot, except: -1);
            }
        }
    }

    /// <summary>Exchanges one loop's factors between two blocks.</summary>
    private void SwapFactors(Span<int> bounds)
    {
        if (space.OpenDimensions.Length == 0)
            return;
        int dimension = space.OpenDimensions[random.Below(space.OpenDimensions.Length)];
        uint allowed = space.AllowedFor(dimension);
        TilingSlot one = space.Slots[random.BitOf(allowed)], other = space.Slots[random.BitOf(allowed)];
        (bounds[one.Row + dimension], bounds[other.Row + dimension]) = (bounds[other.Row + dimension], bounds[one.Row + dimension]);
        TrimMeshes(bounds);
    }

    private void MoveLoop(Span<byte> orders)
    {
        if (space.OpenOrders.Length == 0)
            return;
        Span<byte> order = orders.Slice(space.OpenOrders[random.Below(space.OpenOrders.Length)] * Width, MappingView.Dimensions);
        int from = random.Below(order.Length), to = random.Below(order.Length);
        byte loop = order[from];
        if (from < to)
            order[(from + 1)..(to + 1)].CopyTo(order[from..]);
        else
            order[to..from].CopyTo(order[(to + 1)..]);
        order[to] = loop;
    }

    private void ToggleBypass(int level, Span<byte> keeps) =>
        keeps[level] ^= (byte)((int)space.Model.Architecture.Levels[level].MayBypass & (int)random.Next());

    private void Shuffle(Span<byte> order)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
