using System.Text.Json;
using InstantNet.Agent.Link;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Durable;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Link;

public sealed class AlarmPublisherTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_change_is_sent_once_in_order()
    {
        AlarmPublisher alarms = Start();
        alarms.Raise("disk", "Full.");
        alarms.Raise("disk", "Full.");
        alarms.Raise("disk", "Fuller.");
        alarms.Clear("disk");
        alarms.Clear("disk");

        Run(alarms);
        await _link.PublishedAsync(p => p.Count == 3);

        Assert.Equal([(true, "Full."), (true, "Fuller."), (false, "Fuller.")], Sent().Select(a => (a.Raised, a.Text)));
    }

    [Fact]
    public async Task An_alarm_raised_offline_survives_a_kill()
    {
        Start().Raise("disk", "Full.");

        Run(Start());

        await _link.PublishedAsync(p => p.Count == 1);
        Assert.Equal(("disk", true), Sent().Select(a => (a.Key, a.Raised)).Single());
    }

    [Fact]
    public async Task An_alarm_of_an_earlier_run_is_closed_unless_this_run_raises_it_again()
    {
        AlarmPublisher earlier = Start();
        earlier.Raise("disk", "Full.");
        earlier.Raise("release", "Damaged.");
        Run(earlier);
        await _link.PublishedAsync(p => p.Count == 2);

        AlarmPublisher later = Start();
        later.Raise("release", "Damaged.");
        later.Settle();
        Run(later);
        await _link.PublishedAsync(p => p.Count == 3);

        Assert.Equal([("disk", true), ("release", true), ("disk", false)], Sent().Select(a => (a.Key, a.Raised)));
    }

    [Fact]
    public void A_device_that_is_offline_for_good_keeps_the_latest_changes_only()
    {
        AlarmPublisher alarms = Start();
        for (int i = 0; i < AlarmPublisher.MostWaiting + 10; i++)
            alarms.Raise("n", $"{i}");

        AlarmBook book = new AlarmFile(_folder.Agent).Read();

        Assert.Equal(AlarmPublisher.MostWaiting, book.Waiting.Count);
        Assert.Equal("10", book.Waiting[0].Text);
        Assert.Equal($"{AlarmPublisher.MostWaiting + 9}", book.Open["n"]);
    }

    [Fact]
    public void Still_reads_the_golden_book()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "alarms-v1.json"), _folder.Agent.Alarms);

        AlarmBook book = new AlarmFile(_folder.Agent).Read();

        Assert.Equal("No space left on device", book.Open["disk-failed"]);
        Assert.Equal(("disk-failed", true), (Assert.Single(book.Waiting).Key, book.Waiting[0].Raised));
    }

    [Theory]
    [InlineData("{\"v\":1,\"open\":{")]
    [InlineData("{\"v\":2,\"open\":{},\"waiting\":[]}")]
    [InlineData("null")]
    public void A_damaged_book_is_an_empty_one(string content)
    {
        File.WriteAllText(_folder.Agent.Alarms, content);

        Assert.Empty(new AlarmFile(_folder.Agent).Read().Open);
    }

    [Fact]
    public async Task On_a_disk_that_refuses_alarms_are_sent_all_the_same()
    {
        Directory.CreateDirectory(_folder.Agent.Alarms + ".new");
        AlarmPublisher alarms = Start();
        alarms.Raise("disk", "Full.");

        Run(alarms);

        await _link.PublishedAsync(p => p.Count == 1);
    }

    private AlarmPublisher Start() => new(_link, "up/a", new AlarmFile(_folder.Agent), NullLogger<AlarmPublisher>.Instance, _time);

    private void Run(AlarmPublisher alarms) => _running.Add(alarms.RunAsync(_stop.Token));

    private IEnumerable<Alarm> Sent() => _link.Published.Select(p => JsonSerializer.Deserialize(p.Payload.Span, WireJson.Default.Alarm)!);
}
