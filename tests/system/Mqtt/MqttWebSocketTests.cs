using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>MQTT inside WebSockets, relayed to a real broker.</summary>
public class MqttWebSocketTests(MosquittoFixture broker) : IClassFixture<MosquittoFixture>
{
    [Fact]
    public async Task Small_and_large_messages_pass_both_ways_and_goodbye_is_said()
    {
        await using WebSocketRelay relay = await WebSocketRelay.StartAsync(broker.Port, "mqtt");
        await using BrokerClient watcher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "ws-watcher"));
        await watcher.SubscribeAsync("ws/will");
        await using BrokerClient client = await BrokerClient.ConnectAsync(Options(relay) with
        {
            Will = new MqttWill(new MqttPublish("ws/will", "gone"u8.ToArray(), MqttQos.AtLeastOnce), TimeSpan.Zero),
        });
        await client.SubscribeAsync("ws/+");

        for (int size = 1; size <= 300_000; size *= 10)
        {
            string text = new('x', size);
            await client.PublishAsync($"ws/{size}", text);
            Assert.Equal(($"ws/{size}", text, false), await client.NextAsync());
        }
        await client.Connection.DisconnectAsync(MqttReason.Success, CancellationToken.None);

        Assert.Equal(MqttFailure.None, (await client.Connection.Closed).Failure);
        await watcher.PublishAsync("ws/will", "end");
        Assert.Equal("end", (await watcher.NextAsync()).Text); // no will came before it
    }

    [Fact]
    public async Task A_stream_arrives_whole_and_in_order()
    {
        await using WebSocketRelay relay = await WebSocketRelay.StartAsync(broker.Port, "mqtt");
        await using BrokerClient client = await BrokerClient.ConnectAsync(Options(relay));

        await client.ReceiveStreamAsync(client, "ws/stream", MqttQos.AtMostOnce);
    }

    [Fact]
    public async Task A_client_that_vanishes_leaves_its_will()
    {
        await using WebSocketRelay relay = await WebSocketRelay.StartAsync(broker.Port, "mqtt");
        await using BrokerClient watcher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "ws-watcher-2"));
        await watcher.SubscribeAsync("ws2/will");
        BrokerClient client = await BrokerClient.ConnectAsync(Options(relay) with
        {
            Will = new MqttWill(new MqttPublish("ws2/will", "gone"u8.ToArray(), MqttQos.AtLeastOnce), TimeSpan.Zero),
        });

        await client.DisposeAsync();

        Assert.Equal("gone", (await watcher.NextAsync()).Text);
    }

    [Fact]
    public async Task A_server_that_goes_away_is_noticed()
    {
        await using WebSocketRelay relay = await WebSocketRelay.StartAsync(broker.Port, "mqtt");
        await using BrokerClient first = await BrokerClient.ConnectAsync(Options(relay));

        await using BrokerClient second = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "ws")); // the broker ends the first

        Assert.NotEqual(MqttFailure.None, (await first.Connection.Closed.WaitAsync(BrokerClient.Patience)).Failure);
    }

    [Fact]
    public async Task A_server_without_the_subprotocol_and_a_path_without_WebSockets_are_refused_with_a_sentence()
    {
        await using WebSocketRelay relay = await WebSocketRelay.StartAsync(broker.Port, "");

        var silent = await Assert.ThrowsAsync<MqttException>(() => BrokerClient.ConnectAsync(Options(relay)));
        var absent = await Assert.ThrowsAsync<MqttException>(() => BrokerClient.ConnectAsync(Options(relay) with { WebSocketPath = "/other" }));

        Assert.Equal((MqttFailure.NotABroker, MqttFailure.NotABroker), (silent.Failure, absent.Failure));
        Assert.Equal(
            $"127.0.0.1:{relay.Port}/mqtt offers no MQTT over WebSocket: the server did not agree to the subprotocol 'mqtt'.", silent.Message);
        Assert.StartsWith($"127.0.0.1:{relay.Port}/other offers no MQTT over WebSocket: ", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_none_is_refused_before_anything_is_sent() =>
        await Assert.ThrowsAsync<ArgumentException>(() => BrokerClient.ConnectAsync(BrokerClient.Options(broker, "ws") with { WebSocketPath = "mqtt" }));

    private MqttConnectOptions Options(WebSocketRelay relay) => BrokerClient.Options(broker, "ws") with { Port = relay.Port, WebSocketPath = WebSocketRelay.Path };
}
