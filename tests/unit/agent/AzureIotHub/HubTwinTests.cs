using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Contracts.Mqtt;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

public sealed class HubTwinTests : IAsyncLifetime
{
    private readonly FakeHub _hub = new();
    private readonly ManualTime _time = new();
    private readonly Channel<string> _desired = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _stop = new();
    private readonly HubTwin _twin;
    private readonly Task _running;

    public HubTwinTests()
    {
        _twin = new HubTwin(
            _hub,
            (section, _) =>
            {
                _desired.Writer.TryWrite(section?.ToJsonString() ?? "none");
                return ValueTask.CompletedTask;
            },
            new ReconnectBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), new Always(0.5)), NullLogger<HubTwin>.Instance, _time);
        _hub.Twin = _twin;
        _running = _twin.RunAsync(_stop.Token);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _twin.Dispose();
    }

    [Fact]
    public async Task The_whole_twin_is_read_after_each_connect()
    {
        _hub.Connect();
        await _hub.GiveTwinAsync("""{"instantnet":{"job":1},"others":2,"$version":7}""");
        Assert.Equal("""{"job":1}""", await DesiredAsync());

        _hub.Connect(false);
        _hub.Connect();
        await _hub.GiveTwinAsync("""{"others":2,"$version":8}""");
        Assert.Equal("none", await DesiredAsync());
    }

    [Fact]
    public async Task Changes_that_follow_are_merged_and_null_deletes()
    {
        await ConnectAsync("""{"instantnet":{"job":{"a":1,"b":2},"twin":3},"$version":7}""");

        await _hub.ChangeAsync("""{"instantnet":{"job":{"a":null,"c":4}},"$version":8}""", 8);
        Assert.Equal("""{"job":{"b":2,"c":4},"twin":3}""", await DesiredAsync());

        await _hub.ChangeAsync("""{"instantnet":{"job":null},"$version":9}""", 9);
        Assert.Equal("""{"twin":3}""", await DesiredAsync());

        await _hub.ChangeAsync("""{"instantnet":null,"$version":10}""", 10);
        Assert.Equal("none", await DesiredAsync());
    }

    [Fact]
    public async Task A_change_that_is_known_already_is_none_and_a_gap_makes_it_read_again()
    {
        await ConnectAsync("""{"instantnet":{"a":1},"$version":7}""");

        await _hub.ChangeAsync("""{"instantnet":{"a":0},"$version":6}""", 6);
        await _hub.ChangeAsync("""{"instantnet":{"a":9},"$version":9}""", 9);

        Assert.Equal("""{"a":1}""", await DesiredAsync()); // told, but not changed
        await _hub.GiveTwinAsync("""{"instantnet":{"a":9,"b":8},"$version":9}""");
        Assert.Equal("""{"a":9,"b":8}""", await DesiredAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"instantnet":{"a":1,"a":2},"$version":8}""")]
    public async Task A_change_that_cannot_be_read_makes_it_read_again(string patch)
    {
        await ConnectAsync("""{"$version":7}""");

        await _hub.ChangeAsync(patch, 8);

        await _hub.GiveTwinAsync("""{"instantnet":{"a":2},"$version":8}""");
        Assert.Equal("""{"a":2}""", await DesiredAsync());
    }

    [Fact]
    public async Task Changes_that_come_while_the_twin_is_read_are_taken_after_it()
    {
        _hub.Connect();
        (string topic, _) = await _hub.NextAsync();
        await _hub.ChangeAsync("""{"instantnet":{"a":7},"$version":7}""", 7);
        await _hub.ChangeAsync("""{"instantnet":{"a":8},"$version":8}""", 8);

        await _hub.AnswerAsync(topic, 200, """{"desired":{"instantnet":{"a":7},"$version":7},"reported":{}}""");

        Assert.Equal("""{"a":7}""", await DesiredAsync());
        Assert.Equal("""{"a":7}""", await DesiredAsync());
        Assert.Equal("""{"a":8}""", await DesiredAsync());
    }

    [Theory]
    [InlineData(429, "")]
    [InlineData(503, "busy")]
    [InlineData(200, "{")]
    [InlineData(200, """{"desired":{},"reported":{}}""")]
    public async Task A_twin_that_is_not_given_is_asked_for_again_later(int status, string payload)
    {
        _hub.Connect();
        (string topic, _) = await _hub.NextAsync();
        await _hub.AnswerAsync(topic, status, payload);

        await _time.TimerSetAsync(TimeSpan.FromSeconds(0.5));
        Assert.True(_hub.IsQuiet);
        _time.Advance(TimeSpan.FromSeconds(0.5));

        await _hub.GiveTwinAsync("""{"$version":1}""");
        Assert.Equal("none", await DesiredAsync());
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_asked_for_again()
    {
        _hub.Connect();
        await _hub.NextAsync();

        await _time.TimerSetAsync(TwinRequests.Patience);
        _time.Advance(TwinRequests.Patience);
        await _time.TimerSetAsync(TimeSpan.FromSeconds(0.5));
        _time.Advance(TimeSpan.FromSeconds(0.5));

        await _hub.GiveTwinAsync("""{"$version":1}""");
    }

    [Fact]
    public async Task A_report_is_a_change_of_what_the_hub_has_and_done_when_the_hub_took_it()
    {
        await ConnectAsync("""{"$version":1}""", """{"instantnet":{"release":"old","bits":8,"list":[1]},"others":1}""");

        Task reporting = Report("""{"bits":8,"list":[1,2]}""");
        (string topic, string payload) = await _hub.NextAsync();
        Assert.StartsWith("$iothub/twin/PATCH/properties/reported/?$rid=", topic, StringComparison.Ordinal);
        Assert.Equal("""{"instantnet":{"list":[1,2],"release":null}}""", payload);
        Assert.False(reporting.IsCompleted);
        await _hub.AnswerAsync(topic, 204);
        await reporting;

        await Report("""{"list":[1,2],"bits":8}"""); // the same: the hub is not asked
        Assert.True(_hub.IsQuiet);
    }

    [Fact]
    public async Task A_report_waits_for_the_hub_and_is_made_anew_after_a_lost_connection()
    {
        Task reporting = Report("""{"bits":4}""");
        await ConnectAsync("""{"$version":1}""");
        await _hub.NextAsync();
        _hub.Connect(false); // the hub may have taken it or not: it says so on the next connection

        await _time.TimerSetAsync(TimeSpan.FromSeconds(0.5));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await ConnectAsync("""{"$version":1}""", """{"instantnet":{"bits":4}}""");

        await reporting.WaitAsync(FakeHub.Patience);
        Assert.True(_hub.IsQuiet);
    }

    [Fact]
    public async Task A_report_to_a_busy_hub_is_sent_again_later()
    {
        await ConnectAsync("""{"$version":1}""");
        Task reporting = Report("""{"bits":4}""");
        (string topic, string first) = await _hub.NextAsync();
        await _hub.AnswerAsync(topic, 429);

        await _time.TimerSetAsync(TimeSpan.FromSeconds(0.5));
        _time.Advance(TimeSpan.FromSeconds(0.5));

        (topic, string second) = await _hub.NextAsync();
        Assert.Equal(first, second);
        await _hub.AnswerAsync(topic, 204);
        await reporting.WaitAsync(FakeHub.Patience);
    }

    [Fact]
    public async Task A_report_that_the_hub_refuses_fails_with_its_words()
    {
        await ConnectAsync("""{"$version":1}""");
        Task reporting = Report("""{"bits":4}""");
        (string topic, _) = await _hub.NextAsync();
        await _hub.AnswerAsync(topic, 400, "too deep");

        MqttException e = await Assert.ThrowsAsync<MqttException>(() => reporting);

        Assert.Equal((MqttFailure.Rejected, "Azure IoT Hub refused the report: status 400, too deep."), (e.Failure, e.Message));
    }

    [Fact]
    public async Task A_report_that_no_twin_holds_is_not_sent()
    {
        await ConnectAsync("""{"$version":1}""");

        MqttException text = await Assert.ThrowsAsync<MqttException>(() => Report($$"""{"faults":["{{new string('x', 4097)}}"]}"""));
        MqttException whole = await Assert.ThrowsAsync<MqttException>(
            () => Report(new JsonObject { ["list"] = new JsonArray([.. Enumerable.Range(0, 20_000).Select(i => JsonValue.Create(i % 10))]) }.ToJsonString()));

        Assert.Equal("The report has a text of 4097 bytes: a twin of Azure IoT Hub holds 4096.", text.Message);
        Assert.Equal("The report has 40010 bytes: a twin of Azure IoT Hub holds 32768.", whole.Message);
        Assert.True(_hub.IsQuiet);
    }

    private async Task ConnectAsync(string desired, string reported = "{}")
    {
        _hub.Connect();
        await _hub.GiveTwinAsync(desired, reported);
        await DesiredAsync();
    }

    private Task Report(string document) => _twin.ReportAsync(Encoding.UTF8.GetBytes(document), CancellationToken.None);

    private async Task<string> DesiredAsync() => await _desired.Reader.ReadAsync().AsTask().WaitAsync(FakeHub.Patience);

    private sealed class Always(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
