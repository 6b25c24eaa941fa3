using System.Buffers;
using System.Text;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;
using InstantNet.Contracts.Mqtt.Wire;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace InstantNet.Mqttnet;

/// <summary>One connection of MQTTnet's client, with the product's limits, sentences and failures.</summary>
internal sealed class MqttnetConnection : IMqttConnection
{
    private readonly IMqttInbound _inbound;
    private readonly MqttConnectOptions _options;
    private readonly string _name;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<MqttClosed> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1);
    private SemaphoreSlim _room = new(1);
    private int _disposed;

    public MqttnetConnection(IMqttInbound inbound, MqttConnectOptions options)
    {
        _inbound = inbound;
        _options = options;
        _name = $"{options.Host}:{options.Port}{options.WebSocketPath}";
        Client.ApplicationMessageReceivedAsync += OnMessageAsync;
        Client.DisconnectedAsync += OnDisconnectedAsync;
    }

    public IMqttClient Client { get; } = new MqttClientFactory().CreateMqttClient();

    public MqttConnAck ConnAck { get; private set; } = new();

    public Task<MqttClosed> Closed => _closed.Task;

    public long DroppedMessages => 0; // the package queues without bound

    /// <exception cref="MqttException">Refused.</exception>
    public void Open(MqttClientConnectResult result)
    {
        var reason = (MqttReason)(int)result.ResultCode;
        if (reason.IsFailure())
            throw new MqttException(
                MqttFailure.Refused, reason,
                $"The broker at {_name} refused the connection: {reason.Describe(result.ReasonString, result.ServerReference)}.", cause: null)
            {
                ServerReference = result.ServerReference,
            };
        ConnAck = new MqttConnAck
        {
            SessionPresent = result.IsSessionPresent,
            // The package says zero for what the broker did not say.
            ReceiveMaximum = result.ReceiveMaximum is { } most and not 0 ? most : ushort.MaxValue,
            MaxPacketBytes = result.MaximumPacketSize is { } largest and not 0 ? largest : null,
            MaximumQos = (MqttQos)Math.Min((int)result.MaximumQoS, (int)MqttQos.AtLeastOnce),
            RetainAvailable = result.RetainAvailable,
            TopicAliasMaximum = result.TopicAliasMaximum,
            WildcardSubscriptionsAvailable = result.WildcardSubscriptionAvailable,
            SharedSubscriptionsAvailable = result.SharedSubscriptionAvailable,
            ServerReference = result.ServerReference,
            AssignedClientId = result.AssignedClientIdentifier,
            ServerKeepAlive = result.ServerKeepAlive == 0 ? null : TimeSpan.FromSeconds(result.ServerKeepAlive),
            SessionExpiry = result.SessionExpiryInterval is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        // The package does not heed the broker's Receive Maximum.
        _room = new SemaphoreSlim(Math.Min(ConnAck.ReceiveMaximum, _options.MaxInFlight));
    }

    public async ValueTask<MqttReason> PublishAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        BrokerLimits.Check(ConnAck, message);
        bool takesRoom = message.Qos == MqttQos.AtLeastOnce;
        Task<MqttReason> sending;
        // One after the other into the package, so that messages leave in the order of the calls.
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (takesRoom)
                await _room.WaitAsync(cancellationToken);
            sending = SendAsync(message, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
        try
        {
            return await sending;
        }
        finally
        {
            if (takesRoom)
                _room.Release();
        }
    }

    public ValueTask<MqttReason> PublishKeptAsync(MqttPublish message, CancellationToken cancellationToken) => PublishAsync(message, cancellationToken);

    public async ValueTask<IReadOnlyList<MqttReason>> SubscribeAsync(IReadOnlyList<MqttFilter> filters, CancellationToken cancellationToken)
    {
        BrokerLimits.Check(ConnAck, filters);
        BrokerLimits.CheckSize(ConnAck, SubscribePackets.WriteSubscribe(filters, packetId: 1).Length, "the subscriptions");
        var options = new MqttClientSubscribeOptions
        {
            TopicFilters = [.. filters.Select(f => new MqttTopicFilter { Topic = f.Filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)f.MaximumQos })],
        };
        MqttClientSubscribeResult result = await OrConnectionLostAsync(() => Client.SubscribeAsync(options, cancellationToken), cancellationToken);
        return [.. result.Items.Select(item => (MqttReason)(int)item.ResultCode)];
    }

    public async ValueTask<IReadOnlyList<MqttReason>> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken)
    {
        BrokerLimits.CheckSize(ConnAck, SubscribePackets.WriteUnsubscribe(filters, packetId: 1).Length, "the subscriptions");
        var options = new MqttClientUnsubscribeOptions { TopicFilters = [.. filters] };
        MqttClientUnsubscribeResult result = await OrConnectionLostAsync(() => Client.UnsubscribeAsync(options, cancellationToken), cancellationToken);
        return [.. result.Items.Select(item => (MqttReason)(int)item.ResultCode)];
    }

    public async ValueTask DisconnectAsync(MqttReason reason, CancellationToken cancellationToken)
    {
        _closed.TrySetResult(new MqttClosed(MqttFailure.None, reason, "This side disconnected."));
        try
        {
            await Client.DisconnectAsync(new MqttClientDisconnectOptions { Reason = (MqttClientDisconnectOptionsReason)(int)reason }, cancellationToken);
        }
        catch (Exception e) when (IsConnectionLoss(e))
        {
            // It had ended already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult(new MqttClosed(MqttFailure.None, MqttReason.Success, "This side closed the connection."));
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _closing.CancelAsync();
        Client.Dispose();
    }

    private async Task<MqttReason> SendAsync(MqttPublish message, CancellationToken cancellationToken)
    {
        MqttProperties properties = message.Properties ?? MqttProperties.None;
        var translated = new MqttApplicationMessage
        {
            Topic = message.Topic,
            Payload = new ReadOnlySequence<byte>(message.Payload),
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)message.Qos,
            Retain = message.Retain,
            MessageExpiryInterval = MessageProperties.Seconds(properties.MessageExpiry ?? TimeSpan.Zero),
            ContentType = properties.ContentType,
            ResponseTopic = properties.ResponseTopic,
            CorrelationData = properties.CorrelationData.IsEmpty ? null : properties.CorrelationData.ToArray(),
            UserProperties = [.. properties.UserProperties.Select(p => new MQTTnet.Packets.MqttUserProperty(p.Name, Encoding.UTF8.GetBytes(p.Value).AsMemory()))],
        };
        MqttClientPublishResult result = await OrConnectionLostAsync(() => Client.PublishAsync(translated, cancellationToken), cancellationToken);
        var reason = (MqttReason)(int)result.ReasonCode;
        return reason.IsFailure()
            ? throw new MqttException(MqttFailure.Rejected, reason, BrokerLimits.Refusal(message.Topic, reason, result.ReasonString), cause: null)
            : reason;
    }

    private async Task<T> OrConnectionLostAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send();
        }
        catch (Exception e) when (IsConnectionLoss(e) && !cancellationToken.IsCancellationRequested)
        {
            MqttClosed? how = _closed.Task.IsCompletedSuccessfully ? await _closed.Task : null;
            throw new MqttException(
                how?.Failure is { } failure and not MqttFailure.None ? failure : MqttFailure.ConnectionLost, how?.Reason ?? MqttReason.UnspecifiedError,
                how?.Sentence ?? $"The connection with {_name} broke: {e.Message}", e);
        }
    }

    private static bool IsConnectionLoss(Exception e) =>
        e is MqttCommunicationException or MqttClientNotConnectedException or MqttClientDisconnectedException or MqttClientUnexpectedDisconnectReceivedException
            or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;

    // The package hands over one message after the other, and acknowledges when this returns.
    private async Task OnMessageAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        MqttApplicationMessage message = received.ApplicationMessage;
        var properties = new MqttProperties
        {
            ResponseTopic = message.ResponseTopic,
            CorrelationData = message.CorrelationData,
            MessageExpiry = message.MessageExpiryInterval == 0 ? null : TimeSpan.FromSeconds(message.MessageExpiryInterval),
            ContentType = message.ContentType,
            UserProperties = message.UserProperties is { } own
                ? [.. own.Select(p => new Contracts.Mqtt.MqttUserProperty(p.Name, Encoding.UTF8.GetString(p.ValueBuffer.Span)))]
                : [],
        };
        ReadOnlyMemory<byte> payload = message.Payload.IsSingleSegment ? message.Payload.First : message.Payload.ToArray();
        try
        {
            await _inbound.OnMessageAsync(
                new MqttMessage(message.Topic, payload, (MqttQos)(int)message.QualityOfServiceLevel, message.Retain, message.Dup, properties), _closing.Token);
        }
        // The receiver's own failure ends the connection, as the product's client does it.
        catch (Exception e)
        {
            received.ProcessingFailed = true;
            _closed.TrySetResult(new MqttClosed(
                MqttFailure.ReceiverFailed, MqttReason.ImplementationSpecificError, $"The receiver of messages failed: {e.Message}"));
            Client.Dispose();
        }
    }

    private async Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs ended)
    {
        _closed.TrySetResult(ended.Exception is MqttClientUnexpectedDisconnectReceivedException told
            ? new MqttClosed(
                MqttFailure.ClosedByBroker, (MqttReason)(int)ended.Reason,
                $"The broker at {_name} disconnected: {((MqttReason)(int)ended.Reason).Describe(told.ReasonString, told.ServerReference)}.")
            {
                ServerReference = told.ServerReference,
            }
            : new MqttClosed(
                MqttFailure.ConnectionLost, MqttReason.UnspecifiedError,
                $"The connection with {_name} broke: {ended.Exception?.Message ?? "the broker closed it without a word."}"));
        await _closing.CancelAsync();
    }
}
