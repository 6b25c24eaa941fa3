using System.Text.Json;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Link;

namespace InstantNet.Tests.Unit.Agent.Telemetry;

public class TelemetryDutyTests
{
    private const string Topic = "instantnet/v1/default/d/camera-17/up/t";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A month of a device that wants a sample every second, is cut off for a day, and has something to alarm now and then.</summary>
    [Theory]
    [InlineData(1_000_000)]
    [InlineData(5_000_000)]
    [InlineData(100_000_000)]
    public void A_month_stays_within_its_budget_and_no_alarm_waits(long bytesPerMonth)
    {
        ManualTime time = new();
        ByteBudget budget = new(new TelemetryDuty(bytesPerMonth), time);
        DateTimeOffset start = time.GetUtcNow();
        long wire = 0, sent = 0, spooled = 0, alarms = 0;
        TimeSpan longest = TimeSpan.Zero, sinceKeepAlive = TimeSpan.Zero;
        while (time.GetUtcNow() - start < TelemetryDuty.Month)
        {
            TimeSpan window = budget.Duty.Window(Second, budget.Available);
            time.Advance(window);
            TimeSpan at = time.GetUtcNow() - start;
            longest = window > longest ? window : longest;
            spooled++;
            bool isCutOff = at > TimeSpan.FromDays(10) && at < TimeSpan.FromDays(11);
            if (isCutOff)
                continue;

            for (sinceKeepAlive += window; sinceKeepAlive >= budget.Duty.KeepAlive; sinceKeepAlive -= budget.Duty.KeepAlive)
                wire += WireCost.KeepAlive;
            if (at.TotalDays > alarms * 3 + 1)
            {
                alarms++;
                Send(200);
            }

            // As the pump does: nothing is owed, then as much as one batch holds.
            while (spooled > sent && budget.Available > 0)
            {
                int samples = (int)Math.Min(spooled - sent, budget.Duty.BatchSamples);
                Send(Batch(samples));
                sent += samples;
            }
        }

        Assert.InRange(wire, bytesPerMonth / 4, bytesPerMonth);
        Assert.Equal(10, alarms);
        Assert.True(longest <= TelemetryDuty.LongestWindow);
        Assert.True(spooled - sent < 2 * budget.Duty.BatchSamples, $"{spooled - sent} of {spooled} samples wait.");

        void Send(int payload)
        {
            long bytes = WireCost.Of(Topic.Length, payload);
            budget.Charge(bytes);
            wire += bytes;
        }
    }

    [Fact]
    public void What_is_affordable_is_left_as_desired_and_what_is_not_is_stretched_to_an_hour_at_most()
    {
        TelemetryDuty duty = new(5_000_000);

        Assert.Equal(Second, duty.Window(Second, 1e9));
        Assert.InRange(duty.Window(Second, duty.Capacity), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));
        Assert.InRange(duty.Window(Second, 0), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15));
        Assert.True(duty.Window(Second, -1000) > duty.Window(Second, 0));
        Assert.Equal(TelemetryDuty.LongestWindow, duty.Window(Second, -1e6));
        Assert.Equal(TimeSpan.FromHours(2), duty.Window(TimeSpan.FromHours(2), -1e6));
    }

    [Fact]
    public void The_model_of_the_wire_grows_with_the_message()
    {
        Assert.Equal(0, WireCost.Of(0, 0) - (20 + 2 * (2 * 52 + 22)));
        Assert.Equal(100, WireCost.Of(10, 290) - WireCost.Of(10, 190));
        Assert.Equal(1 + 2 * 52 + 22, WireCost.Of(0, 1381) - WireCost.Of(0, 1380)); // one segment more
    }

    [Fact]
    public void A_sample_is_about_as_large_as_the_budget_thinks() =>
        Assert.InRange(Batch(100) / 100.0, WireCost.Sample * 0.75, WireCost.Sample * 1.0);

    [Fact]
    public void A_wrong_clock_earns_nothing()
    {
        JumpingClock clock = new();
        ByteBudget budget = new(new TelemetryDuty(5_000_000), clock);

        clock.Utc = clock.Utc.AddYears(20);

        Assert.Equal(0, budget.Available);
    }

    [Fact]
    public async Task Who_waits_goes_on_as_soon_as_nothing_is_owed()
    {
        ManualTime time = new();
        ByteBudget budget = new(new TelemetryDuty(5_000_000), time);
        budget.Charge(10_000);
        Task waiting = budget.WaitAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(10_000 / budget.Duty.BytesPerSecond + 3));

        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(budget.Available > 0);
    }

    private static int Batch(int samples) => JsonSerializer.SerializeToUtf8Bytes(
        new TelemetryBatch(1, 3_456_789_012_345_678, 123_456, Hist: false, 0, [.. Enumerable.Range(0, samples).Select(i => new TelemetrySample(
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddTicks(i * 12_345L), 299_512, WireId.Parse("mobile-small-17"), new Precision(8), SwitchReason.Battery, 12_345,
            5990, 1_234_567_890, 12_345, 5600, 12.345678, 23.456789, MeterSource.Measured, 3.4567890123, MeterSource.Measured, 45.678901234, Charging: false,
            123.45678901, 0.98765432, 98.7, "hwmon:VDD_IN"))]), WireJson.Default.TelemetryBatch).Length;

    private sealed class JumpingClock : TimeProvider
    {
        public DateTimeOffset Utc { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Utc;

        public override long GetTimestamp() => 0;
    }
}
