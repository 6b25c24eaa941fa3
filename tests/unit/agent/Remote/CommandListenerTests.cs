using System.Text;
using InstantNet.Agent.Remote;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Tests.Unit.Agent.Activation;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Remote;

public sealed class CommandListenerTests : IAsyncLifetime
{
    private static readonly WireId Device = WireId.Parse("cam-1");
    private static readonly string Answers = SomeRelease.Topics.Up(Device, UpKind.CommandResult);

    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly SomeDesk _desk = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CommandListener _commands;
    private readonly Task _running;

    public CommandListenerTests()
    {
        _commands = new CommandListener(
            _link, new CommandAddresses(SomeRelease.Topics, Device), _desk, NullLogger<CommandListener>.Instance, _time);
        _running = _commands.RunAsync(_stop.Token);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Fact]
    public async Task Answers_on_its_own_topic_with_status_and_the_same_correlation_data()
    {
        Receive("status", "a", payload: "{\"x\":1}");
        await _link.PublishedAsync(p => p.Count == 1);

        MqttPublish answer = _link.Published[0];
        Assert.Equal((Answers, false, "{\"x\":1}"), (answer.Topic, answer.Retain, Encoding.UTF8.GetString(answer.Payload.Span)));
        Assert.Equal("a"u8.ToArray(), answer.Properties!.CorrelationData.ToArray());
        Assert.Equal([new MqttUserProperty("status", "200")], answer.Properties.UserProperties);
        Assert.Equal("application/json", answer.Properties.ContentType);
    }

    [Fact]
    public async Task Ignores_what_it_must_not_or_cannot_answer()
    {
        Receive("status", "a", retain: true);
        Receive("status", "b", responseTopic: SomeRelease.Topics.Up(WireId.Parse("cam-2"), UpKind.CommandResult));
        Receive("status", "c", responseTopic: "elsewhere");
        Receive("status", "d", expiry: TimeSpan.Zero);
        Receive("status", "");
        Receive("status", new string('x', CommandMessages.MaxCorrelationBytes + 1));
        Receive("status", "e");

        await _link.PublishedAsync(p => p.Count == 1);
        Assert.Equal("e"u8.ToArray(), _link.Published[0].Properties!.CorrelationData.ToArray());
        Assert.Single(_desk.Told);
    }

    [Fact]
    public async Task Carries_a_command_that_comes_twice_out_once()
    {
        Receive("hold", "a");
        Receive("hold", "a");
        Receive("status", "b");

        await _link.PublishedAsync(p => p.Count == 2);
        Assert.Equal(["hold ", "status "], _desk.Told.Order());
    }

    [Fact]
    public async Task Refuses_more_than_the_rate_and_takes_them_again_later()
    {
        for (int i = 0; i <= CommandRate.Burst; i++)
            Receive("status", $"a{i}");
        await _link.PublishedAsync(p => p.Count == CommandRate.Burst + 1);
        Assert.Equal(CommandRate.Burst, _desk.Told.Count);
        Assert.Equal("429", Assert.Single(_link.Published, p => p.Properties!.ContentType == CommandMessages.Problem).Properties!.UserProperties[0].Value);

        _time.Advance(TimeSpan.FromSeconds(1));
        Receive("status", "later");

        await _link.PublishedAsync(p => p.Count == CommandRate.Burst + 2);
        Assert.Equal(CommandRate.Burst + 1, _desk.Told.Count);
    }

    [Fact]
    public async Task Does_not_carry_out_what_expired_while_it_waited_and_gives_up_what_takes_too_long()
    {
        TaskCompletionSource never = new();
        _desk.Until = never.Task;
        for (int i = 0; i < CommandListener.AtOnce; i++)
            Receive("classify", $"slow-{i}", expiry: TimeSpan.FromSeconds(10));
        Receive("hold", "waits", expiry: TimeSpan.FromSeconds(5));
        Receive("status", "lasts", expiry: TimeSpan.FromSeconds(20));
        await _time.TimerSetAsync(TimeSpan.FromSeconds(10));
        while (_desk.Told.Count < CommandListener.AtOnce)
            await Task.Yield();
        _desk.Until = Task.CompletedTask;

        _time.Advance(TimeSpan.FromSeconds(10));

        await _link.PublishedAsync(p => p.Count == 1);
        Assert.Equal("lasts"u8.ToArray(), _link.Published[0].Properties!.CorrelationData.ToArray());
        Assert.DoesNotContain("hold ", _desk.Told);
    }

    [Fact]
    public void Leaves_other_topics_alone() => Assert.False(_commands.TryReceive(Message(SomeRelease.Topics.Job(Device), "a")));

    private static MqttMessage Message(
        string topic, string correlation, string payload = "", bool retain = false, string? responseTopic = null, TimeSpan? expiry = null) => new(
        topic, Encoding.UTF8.GetBytes(payload), MqttQos.AtLeastOnce, retain, Duplicate: false,
        new MqttProperties { ResponseTopic = responseTopic ?? Answers, CorrelationData = Encoding.UTF8.GetBytes(correlation), MessageExpiry = expiry });

    private void Receive(
        string name, string correlation, string payload = "", bool retain = false, string? responseTopic = null, TimeSpan? expiry = null) =>
        Assert.True(_commands.TryReceive(Message(SomeRelease.Topics.Command(Device, name), correlation, payload, retain, responseTopic, expiry)));
}
