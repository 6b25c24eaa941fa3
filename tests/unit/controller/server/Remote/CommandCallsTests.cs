using System.Text;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Controller.Remote;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Controller.Remote;

public sealed class CommandCallsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly WireId Device = WireId.Parse("cam-1"), Stranger = WireId.Parse("cam-2");
    private static readonly Topics Topics = new(WireId.Parse("default"));

    private readonly FakeLink _link = new();
    private readonly ManualTime _time = new();
    private readonly CommandCalls _calls;

    public CommandCallsTests() => _calls = new CommandCalls(Topics, _time, NullLogger<CommandCalls>.Instance);

    [Fact]
    public async Task Brings_the_answer_of_the_device_to_whoever_asked()
    {
        Task<CommandReply?> first = CallAsync("status"), second = CallAsync("hold");
        await _link.PublishedAsync(p => p.Count == 2);
        MqttPublish sent = _link.Published[0];
        Assert.Equal((Topics.Command(Device, "status"), false, Patience), (sent.Topic, sent.Retain, sent.Properties!.MessageExpiry));
        Assert.Equal(Topics.Up(Device, UpKind.CommandResult), sent.Properties.ResponseTopic);

        await AnswerAsync(_link.Published[1], "{\"held\":true}");
        await AnswerAsync(sent, "{\"detail\":\"no\"}", status: "404");

        Assert.Equal(200, (await second)!.Status);
        CommandReply reply = (await first)!;
        Assert.Equal((404, "{\"detail\":\"no\"}", CommandMessages.Problem), (reply.Status, Encoding.UTF8.GetString(reply.Content), reply.ContentType));
    }

    [Fact]
    public async Task Waits_no_longer_than_the_command_lives()
    {
        Task<CommandReply?> call = CallAsync("status");
        await _link.PublishedAsync(p => p.Count == 1);

        _time.Advance(Patience);

        Assert.Null(await call);
        await AnswerAsync(_link.Published[0], "{}"); // Nobody waits any more.
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("{}", "99")]
    [InlineData("{}", "600")]
    [InlineData("{}", "OK")]
    [InlineData("{", "200")]
    [InlineData("", "200")]
    [InlineData("{}{}", "200")]
    public async Task Drops_an_answer_that_cannot_be_read(string payload, string? status)
    {
        Task<CommandReply?> call = CallAsync("status");
        await _link.PublishedAsync(p => p.Count == 1);

        await AnswerAsync(_link.Published[0], payload, status);
        Assert.False(call.IsCompleted);
        await AnswerAsync(_link.Published[0], "{}");

        Assert.Equal(200, (await call)!.Status);
    }

    [Fact]
    public async Task Does_not_take_the_answer_of_another_device()
    {
        Task<CommandReply?> call = CallAsync("status");
        await _link.PublishedAsync(p => p.Count == 1);

        await AnswerAsync(_link.Published[0], "{\"forged\":true}", from: Stranger);
        Assert.False(call.IsCompleted);
        await AnswerAsync(_link.Published[0], "{}");

        Assert.Equal("{}"u8.ToArray(), (await call)!.Content);
    }

    private Task<CommandReply?> CallAsync(string name) =>
        _calls.CallAsync(_link, Device, new DeviceCommandCall(WireId.Parse(name), []), Patience, CancellationToken.None);

    private ValueTask AnswerAsync(MqttPublish command, string payload, string? status = "200", WireId? from = null) => _calls.HandleAsync(
        new MqttMessage(
            Topics.Up(from ?? Device, UpKind.CommandResult), Encoding.UTF8.GetBytes(payload), MqttQos.AtLeastOnce, Retain: false, Duplicate: false,
            new MqttProperties
            {
                CorrelationData = command.Properties!.CorrelationData,
                UserProperties = status is null ? [] : [new MqttUserProperty(CommandMessages.StatusProperty, status)],
            }),
        CancellationToken.None);
}
