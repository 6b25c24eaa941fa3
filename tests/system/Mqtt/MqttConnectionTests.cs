using System.Diagnostics;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>The client against a real broker.</summary>
public class MqttConnectionTests(MosquittoFixture broker) : IClassFixture<MosquittoFixture>
{
    [Fact]
    public async Task Learns_what_the_broker_announces()
    {
        await using BrokerClient client = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "announce"));

        Assert.False(client.Connection.ConnAck.SessionPresent);
        Assert.Equal(1000, client.Connection.ConnAck.ReceiveMaximum);
        Assert.Equal(1_048_576, client.Connection.ConnAck.MaxPacketBytes);
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public async Task Delivers_both_ways_in_order(MqttQos qos)
    {
        await using BrokerClient subscriber = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, $"sub{qos}"));
        await using BrokerClient publisher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, $"pub{qos}"));
        await subscriber.SubscribeAsync($"both/{qos}/+", qos);

        for (int i = 0; i < 200; i++)
            await publisher.PublishAsync($"both/{qos}/{i}", $"message {i}", qos);

        for (int i = 0; i < 200; i++)
            Assert.Equal(($"both/{qos}/{i}", $"message {i}", false), await subscriber.NextAsync());
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public async Task A_stream_arrives_whole_and_in_order(MqttQos qos)
    {
        await using BrokerClient subscriber = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, $"downstream{qos}"));
        await using BrokerClient publisher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, $"upstream{qos}"));

        await subscriber.ReceiveStreamAsync(publisher, $"stream/{qos}", qos);
    }

    [Fact]
    public async Task Publishes_the_will_of_a_client_that_vanishes_and_not_of_one_that_says_goodbye()
    {
        await using BrokerClient watcher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "watcher"));
        await watcher.SubscribeAsync("will/#");
        BrokerClient polite = await BrokerClient.ConnectAsync(WithWill("polite"));
        BrokerClient vanishing = await BrokerClient.ConnectAsync(WithWill("vanishing"));

        await polite.Connection.DisconnectAsync(MqttReason.Success, CancellationToken.None);
        await vanishing.DisposeAsync();

        Assert.Equal(("will/vanishing", "gone", false), await watcher.NextAsync());
        await watcher.PublishAsync("will/end", "end");
        Assert.Equal(("will/end", "end", false), await watcher.NextAsync());
    }

    [Fact]
    public async Task Publishes_the_will_on_request_when_it_disconnects()
    {
        await using BrokerClient watcher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "watcher2"));
        await watcher.SubscribeAsync("will/#");
        BrokerClient leaving = await BrokerClient.ConnectAsync(WithWill("leaving"));

        await leaving.Connection.DisconnectAsync(MqttReason.DisconnectWithWill, CancellationToken.None);

        Assert.Equal(("will/leaving", "gone", false), await watcher.NextAsync());
    }

    [Fact]
    public async Task Retained_chunks_wait_for_a_late_subscriber_and_can_be_cleared()
    {
        await using BrokerClient publisher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "chunks"));
        string chunk = new('x', 200_000);
        for (int n = 0; n < 8; n++)
            await publisher.PublishAsync($"b/abc/{n}", n + chunk, retain: true);

        await using BrokerClient late = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "late"));
        await late.SubscribeAsync("b/abc/+");
        var received = new List<(string Topic, string Text, bool Retain)>();
        for (int n = 0; n < 8; n++)
            received.Add(await late.NextAsync());
        Assert.Equal(Enumerable.Range(0, 8).Select(n => ($"b/abc/{n}", n + chunk, true)), received.OrderBy(m => m.Topic, StringComparer.Ordinal));

        for (int n = 0; n < 8; n++)
            await publisher.PublishAsync($"b/abc/{n}", "", retain: true);
        await using BrokerClient later = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "later"));
        await later.SubscribeAsync("b/abc/+");
        await publisher.PublishAsync("b/abc/end", "end");
        Assert.Equal("b/abc/end", (await later.NextAsync()).Topic);
    }

    [Fact]
    public async Task A_thousand_messages_in_flight_are_all_acknowledged_and_delivered()
    {
        const int count = 5000;
        await using BrokerClient subscriber = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "flood-sub") with { ReceiveMaximum = 1000 });
        await using BrokerClient publisher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "flood-pub"));
        await subscriber.SubscribeAsync("flood");

        await Task.WhenAll(Enumerable.Range(0, count).Select(i => publisher.PublishAsync("flood", $"{i}"))).WaitAsync(BrokerClient.Patience);

        for (int i = 0; i < count; i++)
            Assert.Equal($"{i}", (await subscriber.NextAsync()).Text);
    }

    [Fact]
    public async Task Refuses_to_send_what_the_broker_would_not_take()
    {
        await using BrokerClient client = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "large"));

        var e = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("large", new string('x', 1_048_576)));

        Assert.Equal(MqttFailure.TooLarge, e.Failure);
        await client.PublishAsync("large", "the connection is still good");
    }

    [Fact]
    public async Task Request_and_answer_carry_their_properties()
    {
        await using BrokerClient asking = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "asking"));
        var answering = new Answering();
        await using IMqttConnection device =
            await new LinkConnector(TimeProvider.System).ConnectAsync(BrokerClient.Options(broker, "answering"), answering, CancellationToken.None);
        answering.Connection.SetResult(device);
        await device.SubscribeAsync([new MqttFilter("cmd/+", MqttQos.AtLeastOnce)], CancellationToken.None);
        await asking.SubscribeAsync("res");

        var properties = new MqttProperties { ResponseTopic = "res", CorrelationData = "42"u8.ToArray(), MessageExpiry = TimeSpan.FromSeconds(30) };
        await asking.Connection.PublishAsync(new MqttPublish("cmd/ping", default, MqttQos.AtLeastOnce, Properties: properties), CancellationToken.None);

        Assert.Equal(("res", "42", false), await asking.NextAsync());
    }

    [Fact]
    public async Task A_second_client_with_the_same_name_ends_the_first()
    {
        await using BrokerClient first = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "twin"));
        await using BrokerClient second = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "twin"));

        MqttClosed closed = await first.Connection.Closed.WaitAsync(BrokerClient.Patience);

        // mosquitto 2.0.11 closes without DISCONNECT; other brokers say "session taken over".
        Assert.NotEqual(MqttFailure.None, closed.Failure);
        await second.PublishAsync("twin", "the second stays");
    }

    [Fact]
    public async Task A_topic_used_again_and_again_travels_as_a_number_within_the_brokers_limit()
    {
        const int count = 100, aliasBytes = 3;
        const string topic = "instantnet/v1/default/d/cam-000001/up/t";
        await using var relay = new LoopbackRelay(broker.Port);
        long plain = await SentAsync(relay, topic, count, aliases: 0);
        long numbered = await SentAsync(relay, topic, count, aliases: 16);

        // The first names the topic, the second introduces its number, the rest carry the number alone.
        Assert.Equal(((count - 2) * topic.Length) - ((count - 1) * aliasBytes), plain - numbered);
    }

    private async Task<long> SentAsync(LoopbackRelay relay, string topic, int count, int aliases)
    {
        await using BrokerClient observer = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, $"observer{aliases}"));
        await observer.SubscribeAsync(topic);
        long before = relay.BytesUp;
        MqttConnectOptions options = BrokerClient.Options(broker, $"alias{aliases,2:D2}") with { Port = relay.Port, PublishAliasMaximum = aliases };
        IMqttConnection publisher = await new MqttConnector(TimeProvider.System).ConnectAsync(options, observer, CancellationToken.None);
        for (int i = 0; i < count; i++)
            await publisher.PublishAsync(new MqttPublish(topic, new[] { (byte)'x' }, MqttQos.AtLeastOnce), CancellationToken.None);
        for (int i = 0; i < count; i++)
            Assert.Equal((topic, "x", false), await observer.NextAsync());
        await publisher.DisposeAsync();
        return relay.BytesUp - before;
    }

    private MqttConnectOptions WithWill(string name) => BrokerClient.Options(broker, name) with
    {
        Will = new MqttWill(new MqttPublish($"will/{name}", "gone"u8.ToArray(), MqttQos.AtLeastOnce), TimeSpan.Zero),
    };

    // Publishes inside its handler: the acknowledgement must get through while the handler waits for it.
    private sealed class Answering : IMqttInbound
    {
        public TaskCompletionSource<IMqttConnection> Connection { get; } = new();

        public async ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken)
        {
            IMqttConnection connection = await Connection.Task;
            string topic = message.Properties.ResponseTopic ?? throw new UnreachableException("The request names no response topic.");
            await connection.PublishAsync(
                new MqttPublish(topic, message.Properties.CorrelationData, MqttQos.AtLeastOnce), cancellationToken);
        }
    }
}
