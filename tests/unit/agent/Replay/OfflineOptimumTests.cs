using InstantNet.Agent.Replay;

namespace InstantNet.Tests.Unit.Agent.Replay;

public class OfflineOptimumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Equals_the_best_of_all_ways_to_spend_whole_joules(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            int rows = random.Next(1, 5);
            double start = random.Next(6);
            double[] supply = [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(5))];
            double[] capacity = [.. Enumerable.Range(0, rows).Select(_ => (double)random.Next(1, 7))];
            IReadOnlyList<WorthPiece>[] pieces = [.. Enumerable.Range(0, rows).Select(_ => Falling(random))];

            double expected = Best(0, Math.Min(start, 100), supply, capacity, pieces);

            Assert.Equal(expected, OfflineOptimum.Worth(start, supply, capacity, pieces), 9);
        }
    }

    [Fact]
    public void What_would_spill_from_a_full_battery_is_spent_first() =>
        // Five joules, of which two cannot be kept: those two bring 1 each now, the other three bring 3 each later.
        Assert.Equal(2 * 1 + 3 * 3, OfflineOptimum.Worth(3, [2, 0], [3, 3], [[new(2, 1), new(5, 0.5)], [new(5, 3)]]), 9);

    private static WorthPiece[] Falling(Random random)
    {
        double[] worth = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextDouble()).OrderDescending()];
        return [.. worth.Select(w => new WorthPiece(random.Next(1, 4), w))];
    }

    // Supplies, capacities and pieces are whole, so a best solution in whole joules exists: the program's matrix is a network's.
    private static double Best(int row, double level, double[] supply, double[] capacity, IReadOnlyList<WorthPiece>[] pieces)
    {
        if (row == supply.Length)
            return 0;
        double best = 0, there = level + supply[row], most = pieces[row].Sum(p => p.Joules);
        for (double spent = 0; spent <= Math.Min(there, most); spent++)
        {
            double worth = 0, left = spent;
            foreach (WorthPiece piece in pieces[row])
            {
                worth += Math.Min(left, piece.Joules) * piece.PerJoule;
                left -= Math.Min(left, piece.Joules);
            }

            best = Math.Max(best, worth + Best(row + 1, Math.Min(there - spent, capacity[row]), supply, capacity, pieces));
        }

        return best;
    }
}
