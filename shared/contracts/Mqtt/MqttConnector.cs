using InstantNet.Contracts.Mqtt.Codec;
using InstantNet.Contracts.Mqtt.Wire;

namespace InstantNet.Contracts.Mqtt;

/// <summary>Opens connections with the product's own client of MQTT 5 and 3.1.1. One connector serves any number of connections from any thread and keeps
/// them alive with one timer.</summary>
/// <remarks>Source: OASIS MQTT 5.0 and 3.1.1. Not offered: QoS 2, enhanced authentication.</remarks>
public sealed class MqttConnector : IMqttConnector
{
    // A broker whose listener is full in a storm of reconnects loses the handshake's packets, and TCP knocks again ever more seldom: after
    // 12.6 s the next time is 25.4 s. A fresh connection knocks at once. The last attempt is patient, for links that are really that slow.
    private static readonly TimeSpan?[] Patience = [TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), null];

    private readonly ConnectorTimers _timers;

    /// <param name="time">Clock of keep-alives and timeouts.</param>
    public MqttConnector(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _timers = new ConnectorTimers(time);
    }

    /// <inheritdoc/>
    public async ValueTask<IMqttConnection> ConnectAsync(MqttConnectOptions options, IMqttInbound inbound, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(inbound);
        options.Check();
        byte[] connect = ConnectPacket.Write(options);

        using var timeout = new CancellationTokenSource(options.ConnectTimeout, _timers.Time);
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
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await OpenOnceAsync(options, connect, inbound, Patience[attempt], cancellationToken);
            }
            catch (MqttException e) when (attempt < Patience.Length - 1 && MqttTransport.WasSilence(e))
            {
                // The next one, on another port of this side.
            }
        }
    }

    private async ValueTask<IMqttConnection> OpenOnceAsync(
        MqttConnectOptions options, byte[] connect, IMqttInbound inbound, TimeSpan? patience, CancellationToken cancellationToken)
    {
        MqttTransport transport = await MqttTransport.OpenAsync(options, patience, _timers.Time, cancellationToken);
        var received = new ReceiveBuffer(options.ReadBufferBytes);
        try
        {
            MqttConnAck answer = await Handshake.RunAsync(transport, connect, received, options, cancellationToken);
            transport.BePatient();
            var connection = new MqttConnection(transport, received, answer, options, inbound, _timers);
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
