namespace InstantNet.Contracts.Mqtt;

/// <summary>Opens connections to a broker: the product's own client, an adapter to another library, or a test's fake.</summary>
public interface IMqttConnector
{
    /// <summary>Opens one connection. It never reconnects and buffers nothing beyond its write buffer.</summary>
    /// <param name="options">What to connect to and as whom.</param>
    /// <param name="inbound">Receives messages, also those that arrive before this method's task completes.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <exception cref="MqttException">The connection could not be made; the message says why.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    ValueTask<IMqttConnection> ConnectAsync(MqttConnectOptions options, IMqttInbound inbound, CancellationToken cancellationToken);
}
