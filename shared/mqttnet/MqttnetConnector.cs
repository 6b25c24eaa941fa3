using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Codec;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace InstantNet.Mqttnet;

/// <summary>Opens connections with the package MQTTnet. TCP, TLS and WebSocket are the product's own, so that certificates are judged alike.
/// Any number of connections from any thread.</summary>
/// <remarks>Left to the package, and therefore not as in the product's own client: keep-alive, checks of what the broker sends. It cannot resume
/// unacknowledged messages nor set topic aliases; the session above sends such messages again as new ones.</remarks>
public sealed class MqttnetConnector : IMqttConnector
{
    private readonly TimeProvider _time;

    /// <param name="time">Clock of the connect timeout.</param>
    public MqttnetConnector(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <inheritdoc/>
    public async ValueTask<IMqttConnection> ConnectAsync(MqttConnectOptions options, IMqttInbound inbound, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inbound);
        options.Check();
        if (options.Protocol != MqttProtocol.V5)
            throw new ArgumentException("This connector speaks MQTT 5 alone.", nameof(options));
        _ = ConnectPacket.Write(options); // for what it refuses
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var streams = new OwnStreams(options);
        var connection = new MqttnetConnection(inbound, options);
        try
        {
            connection.Open(await connection.Client.ConnectAsync(Translate(options, streams), either.Token));
            return connection;
        }
        catch (Exception e) when (e is not MqttException)
        {
            await connection.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw streams.Failure ?? Failure(e, options, timeout.IsCancellationRequested);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static MqttException Failure(Exception e, MqttConnectOptions options, bool timedOut)
    {
        string broker = $"{options.Host}:{options.Port}{options.WebSocketPath}";
        if (timedOut || e is OperationCanceledException or MqttCommunicationTimedOutException)
            return new MqttException(MqttFailure.TimedOut, MqttReason.ServerUnavailable, $"{broker} did not answer like an MQTT 5 broker within {options.ConnectTimeout.TotalSeconds:0.#} s.", e);
        return options.Tls is not null && Broke(e)
            ? new MqttException(MqttFailure.TlsFailed, MqttReason.NotAuthorized, $"{broker} ended the TLS connection, perhaps because of the client certificate: {e.GetBaseException().Message}", e)
            : new MqttException(MqttFailure.NotABroker, MqttReason.ProtocolError, $"{broker} does not behave like an MQTT 5 broker: {e.Message}", e);
    }

    /// <summary>Whether the stream broke; the innermost exception may be that of the TLS library.</summary>
    private static bool Broke(Exception? e) => e is not null && (e is IOException or System.Net.Sockets.SocketException || Broke(e.InnerException));

    private static MqttClientOptions Translate(MqttConnectOptions options, OwnStreams streams)
    {
        var translated = new MqttClientOptions
        {
            ChannelOptions = new MqttClientTcpOptions { StreamProvider = streams },
            ProtocolVersion = MqttProtocolVersion.V500,
            ClientId = options.ClientId,
            CleanSession = options.CleanStart,
            SessionExpiryInterval = MessageProperties.Seconds(options.SessionExpiry),
            KeepAlivePeriod = options.KeepAlive,
            ReceiveMaximum = (ushort)options.ReceiveMaximum,
            MaximumPacketSize = (uint)options.MaxPacketBytes,
            TopicAliasMaximum = (ushort)options.TopicAliasMaximum,
            Timeout = options.ConnectTimeout,
            TryPrivate = false, // a bit that MQTT 5 does not have
            ValidateFeatures = false, // the connection says it in the product's words
            Credentials = options.UserName is null && options.Password is null ? null : new MqttClientCredentials(options.UserName, options.Password?.ToArray()),
        };
        if (options.Will is { } will)
        {
            MqttProperties properties = will.Message.Properties ?? MqttProperties.None;
            translated.WillTopic = will.Message.Topic;
            translated.WillPayload = will.Message.Payload.ToArray();
            translated.WillQualityOfServiceLevel = (MqttQualityOfServiceLevel)will.Message.Qos;
            translated.WillRetain = will.Message.Retain;
            translated.WillDelayInterval = MessageProperties.Seconds(will.Delay);
            translated.WillMessageExpiryInterval = MessageProperties.Seconds(properties.MessageExpiry ?? TimeSpan.Zero);
            translated.WillContentType = properties.ContentType;
            translated.WillResponseTopic = properties.ResponseTopic;
            translated.WillCorrelationData = properties.CorrelationData.IsEmpty ? null : properties.CorrelationData.ToArray();
        }
        return translated;
    }
}
