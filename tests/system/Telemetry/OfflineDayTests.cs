using System.Globalization;
using System.Text.Json.Nodes;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Telemetry;
using InstantNet.Controller.Storage;
using InstantNet.Tests.System.Controller;
using InstantNet.Tests.System.Mqtt;
using InstantNet.Tests.Unit.Agent;
using Microsoft.Data.Sqlite;

namespace InstantNet.Tests.System.Telemetry;

/// <summary>A device without a link for a day of its clock, then on a bad one: the agent's own parts, a real mosquitto, the whole controller.</summary>
public sealed class OfflineDayTests : IAsyncLifetime
{
    private const int WindowMs = 10_000, WindowsADay = 24 * 3600 * 1000 / WindowMs, WindowsUntilKill = WindowsADay * 13 / 24;
    private const long BytesUntilLoss = 500_000; // five or six full batches
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("offline-day-");
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(2);
    private readonly ManualClock _clock;
    private RunningController _controller = null!;

    public OfflineDayTests() => _clock = new ManualClock(_start);

    public async Task InitializeAsync() => _controller = await RunningController.StartAsync();

    public async Task DisposeAsync()
    {
        await _controller.DisposeAsync();
        _disk.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_sample_of_a_day_offline_is_stored_exactly_once_although_agent_link_broker_and_controller_break_meanwhile()
    {
        await using ScriptedDevice enrolled = await _controller.EnrolAsync("day-1");
        await using LoopbackRelay relay = new(enrolled.Port) { IsDown = true };
        AgentConfig config = Configure(enrolled, relay.Port, maxSpoolBytes: 1 << 24);
        await using OfflineDevice device = await RecordDayAsync(config);
        Assert.Equal((WindowsADay, 0L, 0L), ((int)device.Spool.Counters.Produced, device.Spool.Counters.Acknowledged, device.Spool.Counters.Dropped));

        await using (new RunningClock(_clock))
        {
            Func<Task>[] breaks = [() => Task.CompletedTask, _controller.EndBrokerAsync, _controller.RestartAsync, () => Task.CompletedTask];
            foreach (Func<Task> breakAsync in breaks)
            {
                Task lost = relay.LoseAnswerAfterAsync(BytesUntilLoss);
                relay.IsDown = false;
                await lost.WaitAsync(Limit);
                await breakAsync();
            }

            relay.IsDown = false;
            await _controller.UntilAsync(enrolled, d => d.SamplesStored >= WindowsADay);
            await LeaveAsync(device);
        }

        SpoolCounters books = device.Spool.Counters;
        Assert.Equal((books.Produced, 0L), (books.Acknowledged, books.Dropped));
        await _controller.UntilAsync(enrolled, d => d.SamplesStored >= books.Produced);
        AssertStoredOnce(books);
        Assert.True(_controller.View(enrolled).Duplicates > 0, "No batch came twice, so nothing is shown.");
    }

    [Fact]
    public async Task What_a_small_spool_had_to_drop_of_a_day_is_the_oldest_and_is_missing_in_the_store_to_the_sample()
    {
        await using ScriptedDevice enrolled = await _controller.EnrolAsync("day-2");
        await using LoopbackRelay relay = new(enrolled.Port) { IsDown = true };
        AgentConfig config = Configure(enrolled, relay.Port, maxSpoolBytes: 1 << 20);
        await using OfflineDevice device = await RecordDayAsync(config);
        long dropped = device.Spool.Counters.Dropped;
        Assert.InRange(dropped, 1, WindowsADay - 1);
        Assert.InRange(device.Spool.Bytes, (1 << 20) * 3 / 4, 1 << 20); // a file of eight goes at once

        await using (new RunningClock(_clock))
        {
            relay.IsDown = false;
            await _controller.UntilAsync(enrolled, d => d.SamplesStored >= WindowsADay - dropped);
            await LeaveAsync(device);
        }

        SpoolCounters books = device.Spool.Counters;
        Assert.Equal(dropped, books.Dropped);
        await _controller.UntilAsync(enrolled, d => d.SamplesStored >= books.Produced - dropped);
        AssertStoredOnce(books);
    }

    /// <summary>The day without a link, the agent killed after 13 hours: the second one finds what the first had on its disk at that moment.</summary>
    private async Task<OfflineDevice> RecordDayAsync(AgentConfig config)
    {
        string killed = Path.Combine(_disk.FullName, "killed"), restarted = Path.Combine(_disk.FullName, "restarted");
        await using (OfflineDevice first = new(config, killed, _clock))
        {
            await first.StartAsync();
            await first.RecordAsync(WindowsUntilKill);
            foreach (string file in Directory.EnumerateFiles(killed, "*", SearchOption.AllDirectories))
            {
                string copy = Path.Combine(restarted, Path.GetRelativePath(killed, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        OfflineDevice second = new(config, restarted, _clock);
        await second.StartAsync();
        await second.RecordAsync(WindowsADay - WindowsUntilKill);
        return second;
    }

    /// <summary>One more window with the link, then an orderly end.</summary>
    private async Task LeaveAsync(OfflineDevice device)
    {
        device.Serve();
        _clock.Advance(TimeSpan.FromMilliseconds(WindowMs));
        using CancellationTokenSource patience = new(Limit);
        await device.LeaveAsync(patience.Token);
    }

    private void AssertStoredOnce(SpoolCounters books)
    {
        Database database = new(_controller.Folder.Database);
        List<long[]> batches = Rows(database, "SELECT Epoch, Seq, Hist, Dropped FROM TelemetryBatches ORDER BY Seq");
        Assert.All(batches, b => Assert.Equal(books.Epoch, b[0]));
        Assert.Equal(Enumerable.Range(1, batches.Count), batches.Select(b => (int)b[1]));
        Assert.All(batches, b => Assert.Equal(books.Dropped, b[3]));

        List<long[]> samples = Rows(
            database,
            "SELECT s.Ts, s.Seq, s.Idx, b.Hist FROM TelemetrySamples s JOIN TelemetryBatches b USING (Device, Epoch, Seq) ORDER BY s.Seq, s.Idx");
        Assert.Equal(books.Produced - books.Dropped, samples.Count);
        long start = _start.ToUnixTimeMilliseconds();
        int offline = WindowsADay - (int)books.Dropped;
        Assert.Equal(
            Enumerable.Range((int)books.Dropped + 1, offline).Select(i => start + ((long)i * WindowMs)), samples.Take(offline).Select(s => s[0]));
        Assert.All(samples.Take(offline), s => Assert.Equal(1, s[3]));
        Assert.Equal(0, samples[^1][3]);
        Assert.All(samples.GroupBy(s => s[1]), batch => Assert.Equal(Enumerable.Range(0, batch.Count()), batch.Select(s => (int)s[2])));
    }

    private static List<long[]> Rows(Database database, string sql)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // One of the two above.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader row = command.ExecuteReader();
        List<long[]> rows = [];
        while (row.Read())
            rows.Add([.. Enumerable.Range(0, row.FieldCount).Select(row.GetInt64)]);
        return rows;
    }

    /// <summary>The enrolled device's agent.json, its wire led through the relay.</summary>
    private AgentConfig Configure(ScriptedDevice device, int port, long maxSpoolBytes)
    {
        string file = _controller.Folder.AgentConfiguration(device.Id);
        JsonNode settings = JsonNode.Parse(File.ReadAllText(file))!;
        settings["broker"]!["port"] = port;
        settings["broker"]!["maxReconnectSeconds"] = 60;
        settings["telemetry"] = new JsonObject { ["windowMs"] = WindowMs, ["maxSpoolBytes"] = maxSpoolBytes };
        settings["frames"] = new JsonObject { ["path"] = "none.images" };
        File.WriteAllText(file, settings.ToJsonString());
        (AgentConfig? config, IReadOnlyList<string> faults) = AgentConfigReader.Read(file);
        Assert.Empty(faults);
        return config!;
    }

    /// <summary>Moves the device's clock along while it is on the wire, five times as fast as ours.</summary>
    private sealed class RunningClock : IAsyncDisposable
    {
        private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
        private readonly PeriodicTimer _beats = new(Beat);
        private readonly Task _loop;

        public RunningClock(ManualClock clock) => _loop = RunAsync(clock);

        public async ValueTask DisposeAsync()
        {
            _beats.Dispose();
            await _loop;
        }

        private async Task RunAsync(ManualClock clock)
        {
            while (await _beats.WaitForNextTickAsync())
clock.Advance(Beat * 5);
        }
    }
}
