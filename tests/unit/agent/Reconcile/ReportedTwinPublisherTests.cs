using System.Text.Json;
using InstantNet.Agent.Reconcile;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Durable;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Reconcile;

public sealed class ReportedTwinPublisherTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeLink _link = new();
    private readonly FakeServer _server = new();
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly DesiredDocument _desired;
    private readonly Task _running;

    public ReportedTwinPublisherTests()
    {
        _desired = new DesiredDocument(_folder.Agent, _server, _ => { }, NullLogger<DesiredDocument>.Instance);
        _running = new ReportedTwinPublisher(_link, "up/twin", _desired, _server, _time).RunAsync(_stop.Token);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reports_the_version_it_answers_and_what_serves()
    {
        _server.Serve(WireId.Parse("mobile-1"), 1);
        await _link.PublishedAsync(p => p.Count == 1);
        await _time.TimerSetAsync(ReportedTwinPublisher.Interval);

        _desired.Receive(new DesiredTwin(DesiredTwin.MessageVersion, 7, PrecisionPolicy.Default));
        _time.Advance(ReportedTwinPublisher.Interval);
        await _link.PublishedAsync(p => p.Count == 2);

        ReportedTwin report = Reports()[^1];
        Assert.Equal((7L, true, "mobile-1"), (report.DesiredVersion, report.Applied, report.Release?.Value));
    }

    [Fact]
    public async Task Changes_in_quick_succession_become_one_report_of_the_last()
    {
        _server.Serve(WireId.Parse("mobile-1"), 1, bits: 8);
        await _time.TimerSetAsync(ReportedTwinPublisher.Interval);
        for (int bits = 2; bits <= 6; bits++)
            _server.Serve(WireId.Parse("mobile-1"), 1, bits);

        _time.Advance(ReportedTwinPublisher.Interval);
        await _time.TimerSetAsync(ReportedTwinPublisher.Interval);
        _time.Advance(ReportedTwinPublisher.Interval);

        Assert.Equal([8, 6], Reports().Select(r => r.Precision!.Bits.Bits));
    }

    [Fact]
    public async Task Reports_again_after_a_reconnect()
    {
        _link.Reconnect();

        await _link.PublishedAsync(p => p.Count == 1);

        Assert.Null(Reports()[0].Release);
    }

    private List<ReportedTwin> Reports() =>
        _link.Published.Select(p => JsonSerializer.Deserialize(p.Payload.Span, WireJson.Default.ReportedTwin)!).ToList();
}
