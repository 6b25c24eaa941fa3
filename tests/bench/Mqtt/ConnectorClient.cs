using InstantNet.Contracts.Mqtt;

namespace InstantNet.Bench.Mqtt;

/// <summary>A connection of the product's own client, or of another library behind the same seam.</summary>
internal sealed class ConnectorClient : IBenchClient, IMqttInbound
{
    private readonly ValueTask<MqttReason>[] _pending = new ValueTask<MqttReason>[RateBench.Window];
    private IMqttConnection? _connection;

    private ConnectorClient(string name) => Name = name;

    public string Name { get; }

    public Arrivals Arrivals { get; } = new();

    private IMqttConnection Connection => _connection ?? throw new InvalidOperationException("Not connected.");

    public static async Task<ConnectorClient> ConnectAsync(string name, IMqttConnector connector, int port, string clientId)
    {
        var client = new ConnectorClient(name);
        var options = new MqttConnectOptions
        {
            Host = LoopbackMosquitto.Host,
            Port = port,
            ClientId = clientId,
            CleanStart = true,
            ReceiveMaximum = 1000,
            ReadBufferBytes = 64 * 1024, // what a busy subscriber is advised to take, as the controller does
        };
        client._connection = await connector.ConnectAsync(options, client, CancellationToken.None);
        return client;
    }

    public async Task PublishAsync(string topic, byte[] payload, int qos, int count)
    {
        var message = new MqttPublish(topic, payload, (MqttQos)qos);
        if (qos == 0)
        {
            for (int i = 0; i < count - 1; i++)
                await Connection.PublishAsync(message, CancellationToken.None);
            await Connection.PublishAsync(message with { Qos = MqttQos.AtLeastOnce }, CancellationToken.None);
            return;
        }
        for (int i = 0; i < count; i++)
        {
            if (i >= _pending.Length)
                await _pending[i % _pending.Length];
#pragma warning disable CA2012 // Each is awaited once, before its place is used again.
            _pending[i % _pending.Length] = Connection.PublishAsync(message, CancellationToken.None);
#pragma warning restore CA2012
        }
        for (int i = Math.Max(0, count - _pending.Length); i < count; i++)
            await _pending[i % _pending.Length];
    }

    public async ValueTask SendAsync(string topic, byte[] payload) =>
        await Connection.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtMostOnce), CancellationToken.None);

    public async Task SubscribeAsync(string topic, int qos)
    {
        MqttReason reason = (await Connection.SubscribeAsync([new MqttFilter(topic, (MqttQos)qos)], CancellationToken.None))[0];
        if (reason.IsFailure())
            throw new InvalidOperationException($"The broker refused the subscription: {reason}.");
    }

    public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        Arrivals.Add();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        await _connection.DisconnectAsync(MqttReason.Success, CancellationToken.None);
        await _connection.DisposeAsync();
    }
}
