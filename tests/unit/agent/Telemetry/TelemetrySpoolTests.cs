using InstantNet.Agent.Telemetry;
using InstantNet.Contracts.Messages;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

public sealed class TelemetrySpoolTests : IDisposable
{
    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_leave_in_order_and_are_counted_when_they_arrived()
    {
        using TelemetrySpool spool = Filled(_folder, 5);

        TelemetryBatch first = spool.ReadNext(0, 3)!;
        TelemetryBatch second = spool.ReadNext(first.Seq, 3)!;
        spool.Acknowledge(first.Seq);

        Assert.Equal((1L, 2L), (first.Seq, second.Seq));
        Assert.Equal([1, 2, 3], SpoolFolder.Numbers(first));
        Assert.Equal([4, 5], SpoolFolder.Numbers(second));
        Assert.Null(spool.ReadNext(second.Seq, 3));
        Assert.Equal(new SpoolCounters(first.Epoch, 5, 3, 0, 1), spool.Counters);
        Assert.InRange(first.Epoch, 1, 1L << 53);
    }

    [Fact]
    public void A_batch_sent_again_holds_the_same_samples_although_more_were_added()
    {
        using TelemetrySpool spool = Filled(_folder, 2);
        TelemetryBatch sent = spool.ReadNext(0, 100)!;
        spool.Append(SpoolFolder.Sample(3));

        TelemetryBatch again = spool.ReadNext(0, 100)!;

        Assert.Equal((sent.Epoch, sent.Seq), (again.Epoch, again.Seq));
        Assert.Equal(sent.Samples, again.Samples);
    }

    [Fact]
    public void After_a_kill_the_same_batches_come_again_and_numbers_go_on()
    {
        using TelemetrySpool spool = Filled(_folder, 6);
        TelemetryBatch one = spool.ReadNext(0, 2)!, two = spool.ReadNext(1, 2)!;
        spool.Acknowledge(one.Seq);
        using SpoolFolder killed = _folder.Killed();

        using TelemetrySpool restarted = killed.Open();
        TelemetryBatch again = restarted.ReadNext(0, 500)!, next = restarted.ReadNext(2, 500)!;

        Assert.Equal((two.Epoch, two.Seq), (again.Epoch, again.Seq));
        Assert.Equal(two.Samples, again.Samples);
        Assert.Equal([5, 6], SpoolFolder.Numbers(next));
        Assert.Equal((3L, one.Epoch), (next.Seq, next.Epoch));
        Assert.Equal(new SpoolCounters(one.Epoch, 6, 2, 0, 2), restarted.Counters);
    }

    [Theory]
    [InlineData(SpoolEntry.Sample)]
    [InlineData(SpoolEntry.Seal)]
    [InlineData(SpoolEntry.Acknowledge)]
    public void Cut_off_anywhere_in_the_last_entry_the_entries_before_it_stay(object last)
    {
        using TelemetrySpool spool = Filled(_folder, 3);
        spool.ReadNext(0, 2);
        long whole = new FileInfo(_folder.Files[^1]).Length;
        switch ((SpoolEntry)last)
        {
            case SpoolEntry.Sample:
                spool.Append(SpoolFolder.Sample(4));
                break;
            case SpoolEntry.Seal:
                spool.ReadNext(1, 5);
                break;
            default:
                spool.Acknowledge(1);
                break;
        }

        long end = new FileInfo(_folder.Files[^1]).Length;
        Assert.True(end > whole);
        for (long length = whole; length < end; length++)
        {
            using SpoolFolder killed = _folder.Killed();
            using (FileStream file = File.OpenWrite(killed.Files[^1]))
                file.SetLength(length);

            using TelemetrySpool restarted = killed.Open();
            Assert.Equal(new SpoolCounters(spool.Counters.Epoch, 3, 0, 0, 2), restarted.Counters);
            Assert.Equal([1, 2], SpoolFolder.Numbers(restarted.ReadNext(0, 500)));
            restarted.Append(SpoolFolder.Sample(40));
            Assert.Equal([3], SpoolFolder.Numbers(restarted.ReadNext(1, 1)));
            Assert.Equal([40], SpoolFolder.Numbers(restarted.ReadNext(2, 1)));
            Assert.Equal(length == whole, restarted.Fault is null);
        }
    }

    [Fact]
    public void A_flipped_bit_at_the_end_loses_that_entry_only()
    {
        using TelemetrySpool spool = Filled(_folder, 3);
        using SpoolFolder killed = _folder.Killed();
        byte[] file = File.ReadAllBytes(killed.Files[^1]);
        file[^5] ^= 1;
        File.WriteAllBytes(killed.Files[^1], file);

        using TelemetrySpool restarted = killed.Open();

        Assert.Equal([1, 2], SpoolFolder.Numbers(restarted.ReadNext(0, 500)));
        Assert.Contains("cut off or damaged", restarted.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_spool_drops_the_oldest_counts_them_and_stays_within_its_bound()
    {
        using TelemetrySpool spool = _folder.Open(SpoolOptions.LeastBytes);
        for (int i = 1; i <= 500; i++)
        {
            spool.Append(SpoolFolder.Sample(i));
            Assert.True(_folder.Files.Sum(f => new FileInfo(f).Length) <= SpoolOptions.LeastBytes, $"sample {i}");
        }

        SpoolCounters counters = spool.Counters;
        TelemetryBatch batch = spool.ReadNext(0, 500)!;

        Assert.InRange(counters.Dropped, 400, 450);
        Assert.Equal(500, counters.Produced);
        Assert.Equal(counters.Dropped, batch.Dropped);
        Assert.Equal(Enumerable.Range((int)counters.Dropped + 1, 500 - (int)counters.Dropped).Select(i => (long)i), SpoolFolder.Numbers(batch));
        Assert.Equal(1, batch.Seq);
    }

    [Fact]
    public void A_batch_that_lost_a_sample_is_lost_whole_and_its_number_is_not_used_again()
    {
        using TelemetrySpool spool = _folder.Open(SpoolOptions.LeastBytes);
        for (int i = 1; i <= 30; i++)
            spool.Append(SpoolFolder.Sample(i));
        TelemetryBatch lost = spool.ReadNext(0, 30)!;
        for (int i = 31; i <= 120; i++)
            spool.Append(SpoolFolder.Sample(i));

        TelemetryBatch next = spool.ReadNext(0, 500)!;
        spool.Acknowledge(lost.Seq); // it had arrived after all; the books say dropped, once

        Assert.Equal(2, next.Seq);
        Assert.True(SpoolFolder.Numbers(next)[0] > 30);
        Assert.Equal(120, SpoolFolder.Numbers(next)[^1]);
        Assert.Equal((120L, 0L, 120L - next.Samples.Count), (spool.Counters.Produced, spool.Counters.Acknowledged, spool.Counters.Dropped));
    }

    [Fact]
    public void What_was_dropped_stays_dropped_after_a_kill()
    {
        using TelemetrySpool spool = _folder.Open(SpoolOptions.LeastBytes);
        for (int i = 1; i <= 300; i++)
            spool.Append(SpoolFolder.Sample(i));
        using SpoolFolder killed = _folder.Killed();

        using TelemetrySpool restarted = killed.Open(SpoolOptions.LeastBytes);

        Assert.Equal(spool.Counters, restarted.Counters);
        Assert.Equal(SpoolFolder.Numbers(spool.ReadNext(0, 500)), SpoolFolder.Numbers(restarted.ReadNext(0, 500)));
    }

    [Fact]
    public void Files_that_nobody_needs_any_more_are_removed()
    {
        using TelemetrySpool spool = _folder.Open(64 * 1024);
        for (int i = 1; i <= 100; i++)
            spool.Append(SpoolFolder.Sample(i));
        int before = _folder.Files.Count;

        for (TelemetryBatch? batch = spool.ReadNext(0, 500); batch is not null; batch = spool.ReadNext(batch.Seq, 500))
            spool.Acknowledge(batch.Seq);

        Assert.True(before > 3);
        Assert.Single(_folder.Files);
        Assert.Equal((100L, 100L, 0L, 0L), (spool.Counters.Produced, spool.Counters.Acknowledged, spool.Counters.Dropped, spool.Counters.PendingBatches));
    }

    [Fact]
    public void A_damaged_file_in_the_middle_costs_what_lies_before_its_end_and_is_counted()
    {
        using TelemetrySpool spool = _folder.Open(64 * 1024);
        for (int i = 1; i <= 100; i++)
            spool.Append(SpoolFolder.Sample(i));
        using SpoolFolder killed = _folder.Killed();
        byte[] file = File.ReadAllBytes(killed.Files[1]);
        file[file.Length / 2] ^= 1;
        File.WriteAllBytes(killed.Files[1], file);

        using TelemetrySpool restarted = killed.Open(64 * 1024);
        TelemetryBatch batch = restarted.ReadNext(0, 500)!;

        Assert.Equal(100, restarted.Counters.Produced);
        Assert.Equal(restarted.Counters.Dropped + 1, SpoolFolder.Numbers(batch)[0]);
        Assert.Equal(100, SpoolFolder.Numbers(batch)[^1]);
        Assert.Contains(killed.Path, restarted.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spool_whose_last_books_are_unreadable_takes_a_new_identity()
    {
        long epoch;
        using (TelemetrySpool spool = Filled(_folder, 2))
            epoch = spool.ReadNext(0, 5)!.Epoch;
        byte[] file = File.ReadAllBytes(_folder.Files[^1]);
        file[12] ^= 1;
        File.WriteAllBytes(_folder.Files[^1], file);

        using TelemetrySpool restarted = _folder.Open();

        Assert.NotEqual(epoch, restarted.Counters.Epoch);
        Assert.Equal(0, restarted.Counters.Produced);
    }

    [Fact]
    public void What_waited_offline_is_historic_and_never_shares_a_batch_with_what_did_not()
    {
        using TelemetrySpool spool = Filled(_folder, 2);
        spool.Connected = true;
        spool.Append(SpoolFolder.Sample(3));

        TelemetryBatch waited = spool.ReadNext(0, 500)!, live = spool.ReadNext(1, 500)!;

        Assert.Equal((true, false), (waited.Hist, live.Hist));
        Assert.Equal([1, 2], SpoolFolder.Numbers(waited));
        Assert.Equal([3], SpoolFolder.Numbers(live));
    }

    [Fact]
    public void A_batch_that_the_connection_lost_becomes_historic()
    {
        using TelemetrySpool spool = _folder.Open();
        spool.Connected = true;
        spool.Append(SpoolFolder.Sample(1));
        TelemetryBatch live = spool.ReadNext(0, 500)!;

        spool.Connected = false;
        spool.Connected = true;
        TelemetryBatch again = spool.ReadNext(0, 500)!;

        Assert.Equal((false, true), (live.Hist, again.Hist));
        Assert.Equal(live.Seq, again.Seq);
    }

    [Fact]
    public async Task The_pump_is_woken_by_a_sample()
    {
        using TelemetrySpool spool = _folder.Open();
        await spool.WaitForSamplesAsync(CancellationToken.None); // once after opening: something may have been found
        Task waiting = spool.WaitForSamplesAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        spool.Append(SpoolFolder.Sample(1));

        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_books_can_be_read_beside_a_running_agent()
    {
        using TelemetrySpool spool = Filled(_folder, 7);
        spool.ReadNext(0, 4);
        spool.Acknowledge(1);

        Assert.Equal(spool.Counters, SpoolCounters.Read(_folder.Path));
        Assert.Null(SpoolCounters.Read(Path.Combine(_folder.Path, "absent")));
    }

    [Fact]
    public void Samples_that_waited_too_long_are_dropped_and_counted_whatever_their_clock_says()
    {
        // Windows of half a second: an hour of recording holds 7200 of them.
        SpoolOptions options = new(_folder.Path, 1 << 24, TimeSpan.FromMinutes(5));
        using (TelemetrySpool spool = TelemetrySpool.Open(options))
        {
            for (int i = 1; i <= 1000; i++)
                spool.Append(SpoolFolder.Sample(i) with { Ts = DateTimeOffset.UnixEpoch.AddYears(i % 50) });

            Assert.Equal(1000, spool.Counters.Produced);
            Assert.InRange(spool.Counters.Dropped, 1000 - 600 - 2 * 600 / 8, 1000 - 600);
        }

        using TelemetrySpool restarted = TelemetrySpool.Open(options);
        long dropped = restarted.Counters.Dropped;
        for (int i = 1001; i <= 1200; i++)
            restarted.Append(SpoolFolder.Sample(i));

        Assert.InRange(restarted.Counters.Dropped - dropped, 100, 300);
        Assert.Equal(restarted.Counters.Dropped + 1, SpoolFolder.Numbers(restarted.ReadNext(0, 10))[0]);
    }

    [Fact]
    public void A_half_made_file_of_a_kill_is_removed()
    {
        string unfinished = Path.Combine(_folder.Path, "0000000000000000042.spool.new");
        File.WriteAllText(unfinished, "half");

        using TelemetrySpool spool = Filled(_folder, 1);

        Assert.False(File.Exists(unfinished));
    }

    private static TelemetrySpool Filled(SpoolFolder folder, int samples)
    {
        TelemetrySpool spool = folder.Open();
        for (int i = 1; i <= samples; i++)
            spool.Append(SpoolFolder.Sample(i));
        return spool;
    }
}
