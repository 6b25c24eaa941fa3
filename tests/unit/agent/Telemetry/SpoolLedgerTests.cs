using InstantNet.Agent.Telemetry;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

public class SpoolLedgerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happens_the_books_balance_numbers_only_grow_and_survive_as_bytes(int seed)
    {
        Random random = new(seed);
        SpoolLedger books = new(99);
        long lastSeq = 0;
        for (int step = 0; step < 5000; step++)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    books.Produce();
                    break;
                case 2 when books.Loose > 0:
                    SealedBatch batch = books.Seal(random.Next(1, (int)books.Loose + 1));
                    Assert.Equal(++lastSeq, batch.Seq);
                    break;
                case 3:
                    books.Acknowledge(random.NextInt64(lastSeq + 2));
                    break;
                case 4 when random.Next(10) == 0:
                    books.DropThrough(random.NextInt64(books.Produced + 3));
                    break;
            }

            Assert.Equal(books.Produced, books.Acknowledged + books.Dropped + books.Sealed.Sum(b => b.Count) + books.Loose);
            Assert.InRange(books.FirstHeld, 1, books.Produced + 1);
        }

        SpoolLedger read = SpoolLedger.TryRead(books.ToBytes())!;
        Assert.Equal(
            (books.Epoch, books.Produced, books.Acknowledged, books.Dropped, books.LastSeq, books.FirstLoose),
            (read.Epoch, read.Produced, read.Acknowledged, read.Dropped, read.LastSeq, read.FirstLoose));
        Assert.Equal(books.Sealed, read.Sealed);
    }

    [Fact]
    public void Other_bytes_are_no_books()
    {
        byte[] books = new SpoolLedger(1).ToBytes();

        Assert.Null(SpoolLedger.TryRead(books.AsSpan(1)));
        Assert.Null(SpoolLedger.TryRead([.. books, 0, 0, 0, 0, 0, 0, 0, 0]));
    }
}
