using System.Text;
using System.Threading.Channels;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>One connection to a test broker that keeps the messages it receives.</summary>
internal sealed class BrokerClient : IMqttInbound, IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<(string Topic, string Text, bool Retain)> _received =
        Channel.CreateUnbounded<(string Topic, string Text, bool Retain)>();

    public required IMqttConnection Connection { get; set; }

    public static MqttConnectOptions Options(MosquittoFixture broker, string clientId) =>
        new() { Host = MosquittoFixture.Host, Port = broker.Port, ClientId = clientId, CleanStart = true };

    public static async Task<BrokerClient> ConnectAsync(MqttConnectOptions options)
    {
        var client = new BrokerClient { Connection = null! };
        client.Connection = await new LinkConnector(TimeProvider.System).ConnectAsync(options, client, CancellationToken.None);
        return client;
    }

    public async Task SubscribeAsync(string filter, MqttQos qos = MqttQos.AtLeastOnce)
    {
        IReadOnlyList<MqttReason> reasons = await Connection.SubscribeAsync([new MqttFilter(filter, qos)], CancellationToken.None);
        Assert.Equal([(MqttReason)qos], reasons);
    }

    public Task PublishAsync(string topic, string text, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false) =>
        Connection.PublishAsync(new MqttPublish(topic, Encoding.UTF8.GetBytes(text), qos, retain), CancellationToken.None).AsTask();

    public async Task<(string Topic, string Text, bool Retain)> NextAsync() =>
        await _received.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Has another client publish much faster than a message wakes its reader, and expects all of it, in order.</summary>
    public async Task ReceiveStreamAsync(BrokerClient publisher, string topic, MqttQos qos)
    {
        const int count = 20_000;
        await SubscribeAsync(topic, qos);
        Task publishing = PublishNumbersAsync(publisher, topic, qos, count);
        for (int i = 0; i < count; i++)
            Assert.Equal((topic, $"{i}", false), await NextAsync());
        await publishing;
        await publisher.PublishAsync(topic, "alone", qos);
        Assert.Equal((topic, "alone", false), await NextAsync());
    }

    private static async Task PublishNumbersAsync(BrokerClient publisher, string topic, MqttQos qos, int count)
    {
        const int atOnce = 200;
        foreach (int[] numbers in Enumerable.Range(0, count).Chunk(atOnce))
            await Task.WhenAll(numbers.Select(i => publisher.PublishAsync(topic, $"{i}", qos)));
    }

    public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        _received.Writer.TryWrite((message.Topic, Encoding.UTF8.GetString(message.Payload.Span), message.Retain));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
