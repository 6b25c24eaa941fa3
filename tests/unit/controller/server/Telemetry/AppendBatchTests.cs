using InstantNet.Contracts.Messages;
using InstantNet.Controller.Fleet;
using InstantNet.Controller.Telemetry;
using InstantNet.Tests.Unit.Controller.Storage;

namespace InstantNet.Tests.Unit.Controller.Telemetry;

public class AppendBatchTests
{
    [Fact]
    public async Task The_same_batch_twice_is_stored_once_and_counted_as_a_duplicate()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        LiveDevice device = await store.EnrolAsync();

        await AppendAsync(store, device, SomeFleet.Batch(1));
        bool isNew = await AppendAsync(store, device, SomeFleet.Batch(1));

        Assert.False(isNew);
        Assert.Equal(2, Stored(store, device).Count);
        Assert.Equal((2L, 1L), (device.View().SamplesStored, device.View().Duplicates));
    }

    [Fact]
    public async Task Two_copies_in_one_commit_are_stored_once()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        LiveDevice device = await store.EnrolAsync();

        bool[] isNew = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AppendAsync(store, device, SomeFleet.Batch(1))));

        Assert.Single(isNew, value => value);
        Assert.Equal(2, Stored(store, device).Count);
    }

    [Fact]
    public async Task A_batch_that_was_committed_but_not_acknowledged_before_a_crash_is_a_duplicate_when_it_is_sent_again()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        LiveDevice before = await store.EnrolAsync();
        await AppendAsync(store, before, SomeFleet.Batch(5));

        LiveDevice after = await store.RestartAsync(before);
        bool isNew = await AppendAsync(store, after, SomeFleet.Batch(5));

        Assert.False(isNew);
        Assert.Equal((2L, 1L), (after.View().SamplesStored, after.View().Duplicates));
        Assert.Equal(2, Stored(store, after).Count);
    }

    [Fact]
    public async Task Equal_numbers_of_another_spool_or_another_device_are_no_duplicates()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        LiveDevice one = await store.EnrolAsync("dev-1");
        LiveDevice two = await store.EnrolAsync("dev-2");

        Assert.True(await AppendAsync(store, one, SomeFleet.Batch(1, epoch: 1)));
        Assert.True(await AppendAsync(store, one, SomeFleet.Batch(1, epoch: 2)));
        Assert.True(await AppendAsync(store, two, SomeFleet.Batch(1, epoch: 1)));
    }

    [Fact]
    public async Task What_is_read_is_what_was_stored()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        LiveDevice device = await store.EnrolAsync();
        TelemetrySample sample = SomeFleet.Sample() with { BatteryPct = null, Correct = null, Charging = true };
        TelemetrySample metered = SomeFleet.Sample(1) with { Meter = "hwmon:VDD_IN", EnergySource = MeterSource.Measured };

        await AppendAsync(store, device, SomeFleet.Batch(1) with { Samples = [sample, metered] });

        Assert.Equal([sample, metered], Stored(store, device));
    }

    [Fact]
    public async Task A_long_span_is_thinned_evenly_and_keeps_its_end()
    {
        await using StoreFixture store = await StoreFixture.StartAsync();
        LiveDevice device = await store.EnrolAsync();
        await AppendAsync(store, device, SomeFleet.Batch(1) with { Samples = Enumerable.Range(0, 100).Select(i => SomeFleet.Sample(i)).ToArray() });

        IReadOnlyList<TelemetrySample> thinned = new TelemetryReader(store.Database).Range(device.Key, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, 10);

        Assert.Equal(10, thinned.Count);
        Assert.Equal(SomeFleet.Now.AddSeconds(99), thinned[^1].Ts);
        Assert.All(thinned.Zip(thinned.Skip(1)), pair => Assert.Equal(TimeSpan.FromSeconds(10), pair.Second.Ts - pair.First.Ts));
    }

    private static async Task<bool> AppendAsync(StoreFixture store, LiveDevice device, TelemetryBatch batch)
    {
        AppendBatch append = new(device, batch, SomeFleet.Now);
        await store.Writer.SubmitAsync(append, CancellationToken.None);
        return append.IsNew;
    }

    private static IReadOnlyList<TelemetrySample> Stored(StoreFixture store, LiveDevice device) => new TelemetryReader(store.Database).Last(device.Key, 1000);
}
