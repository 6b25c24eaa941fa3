using System.Net;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Mqtt.Wire;
using MQTTnet.Channel;

namespace InstantNet.Mqttnet;

/// <summary>Gives MQTTnet the product's byte stream: TCP, TLS with the product's checks, or a WebSocket.</summary>
internal sealed class OwnStreams(MqttConnectOptions options) : IMqttClientStreamProvider
{
    /// <summary>Why there is none; null when there is, or nobody has asked yet. The package would wrap it.</summary>
    public MqttException? Failure { get; private set; }

    public async Task<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            return (await MqttTransport.OpenAsync(options, patience: null, TimeProvider.System, cancellationToken)).Stream;
        }
        catch (MqttException e)
        {
            Failure = e;
            throw;
        }
    }
}
