using InstantNet.Contracts.Mqtt.Codec;
using InstantNet.Contracts.Mqtt.Wire;

namespace InstantNet.Contracts.Mqtt;

/// <summary>Opens connections with the product's own client of MQTT 5 and 3.1.1. One connector serves any number of connections from any thread and keeps
/// them alive with one timer.</summary>
/// <remarks>Source: OASIS MQTT 5.0 and 3.1.1. Not offered: QoS 2, enhanced authentication.</remarks>
public sealed class MqttConnector : IMqttConnector
{
    private readonly KeepAliveClock _clock;

    /// <param name="time">Clock of keep-alives and timeouts.</param>
    public MqttConnector(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _clock = new KeepAliveClock(time);
    }

    /// <inheritdoc/>
    public async ValueTask<IMqttConnection> ConnectAsync(MqttConnectOptions options, IMqttInbound inbound, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inbound);
        options.Check();
        byte[] connect = ConnectPacket.Write(options);

        using var timeout = new CancellationTokenSource(options.ConnectTimeout, _clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await OpenAsync(options, connect, inbound, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MqttException(
                MqttFailure.TimedOut, MqttReason.ServerUnavailable,
                $"{options.Host}:{options.Port} did not answer like an {options.Protocol.Name()} broker within {options.ConnectTimeout.TotalSeconds:0.#} s.", e);
        }
    }

    private async ValueTask<IMqttConnection> OpenAsync(
        MqttConnectOptions options, byte[] connect, IMqttInbound inbound, CancellationToken cancellationToken)
    {
        MqttTransport transport = await MqttTransport.OpenAsync(options, cancellationToken);
        var received = new ReceiveBuffer(options.ReadBufferBytes);
        try
        {
            MqttConnAck answer = await Handshake.RunAsync(transport, connect, received, options, cancellationToken);
            var connection = new MqttConnection(transport, received, answer, options, inbound, _clock);
            connection.Start();
            return connection;
        }
        catch
        {
            received.Free();
            await transport.DisposeAsync();
            throw;
        }
    }
}
