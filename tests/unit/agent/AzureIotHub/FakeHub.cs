using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Agent.AzureIotHub;

/// <summary>A hub in memory as a link's other end: keeps every request, and answers by what the test says.</summary>
internal sealed class FakeHub : IMessageLink
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<(string Topic, string Payload)> _requests = Channel.CreateUnbounded<(string, string)>();

    public event EventHandler<LinkStatus>? StatusChanged;

    public LinkStatus Status { get; private set; } = At(isConnected: false);

    /// <summary>Takes the messages of the hub.</summary>
    public HubTwin? Twin { get; set; }

    public ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        if (!Status.IsConnected)
            throw new MqttException(MqttFailure.NotConnected, MqttReason.ServerUnavailable, "There is no connection.", cause: null);
        _requests.Writer.TryWrite((message.Topic, Encoding.UTF8.GetString(message.Payload.Span)));
        return ValueTask.FromResult(MqttReason.Success);
    }

    /// <summary>The next request that reaches the hub.</summary>
    public async Task<(string Topic, string Payload)> NextAsync() => await _requests.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>True while no request waits to be looked at.</summary>
    public bool IsQuiet => !_requests.Reader.TryPeek(out _);

    public Task AnswerAsync(string requestTopic, int status, string payload = "") =>
        Twin!.OnAnswerAsync(Message($"$iothub/twin/res/{status}/?{requestTopic[requestTopic.IndexOf("$rid=", StringComparison.Ordinal)..]}", payload), CancellationToken.None).AsTask();

    /// <summary>Answers the next request, which must be to read the twin.</summary>
    public async Task GiveTwinAsync(string desired, string reported = "{}")
    {
        (string topic, _) = await NextAsync();
        Assert.StartsWith("$iothub/twin/GET/?$rid=", topic, StringComparison.Ordinal);
        await AnswerAsync(topic, 200, new JsonObject { ["desired"] = JsonNode.Parse(desired), ["reported"] = JsonNode.Parse(reported) }.ToJsonString());
    }

    public Task ChangeAsync(string patch, long version) =>
        Twin!.OnDesiredAsync(Message($"$iothub/twin/PATCH/properties/desired/?$version={version}", patch), CancellationToken.None).AsTask();

    public void Connect(bool isConnected = true)
    {
        Status = At(isConnected);
        Twin?.OnLinkChanged(Status);
        StatusChanged?.Invoke(this, Status);
    }

    public ValueTask SubscribeAsync(string filter, MqttQos maximumQos, MessageHandler handler, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask UnsubscribeAsync(string filter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public static MqttMessage Message(string topic, string payload) =>
        new(topic, Encoding.UTF8.GetBytes(payload), MqttQos.AtMostOnce, Retain: false, Duplicate: false, MqttProperties.None);

    private static LinkStatus At(bool isConnected) => new(isConnected, MqttFailure.None, MqttReason.Success, "As the test says.", FailedAttempts: 0, RetryIn: null);
}
