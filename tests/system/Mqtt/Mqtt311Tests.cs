using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>The client speaking MQTT 3.1.1 with a real broker, beside one that speaks MQTT 5.</summary>
public class Mqtt311Tests(MosquittoFixture broker) : IClassFixture<MosquittoFixture>
{
    [Fact]
    public async Task Speaks_with_clients_of_the_other_version_both_ways()
    {
        await using BrokerClient old = await ConnectAsync("old");
        await using BrokerClient recent = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "recent"));
        await old.SubscribeAsync("down/#");
        await recent.SubscribeAsync("up/#");

        for (int i = 0; i < 200; i++)
        {
            await old.PublishAsync($"up/{i}", $"message {i}", i % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce);
            await recent.PublishAsync($"down/{i}", $"answer {i}");
        }

        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(($"up/{i}", $"message {i}", false), await recent.NextAsync());
            Assert.Equal(($"down/{i}", $"answer {i}", false), await old.NextAsync());
        }
    }

    [Fact]
    public async Task Unsubscribes()
    {
        await using BrokerClient client = await ConnectAsync("leaving");
        await client.SubscribeAsync("left");

        Assert.Equal([MqttReason.Success], await client.Connection.UnsubscribeAsync(["left"], CancellationToken.None));
        await client.PublishAsync("left", "unheard");
        await client.SubscribeAsync("heard");
        await client.PublishAsync("heard", "heard");

        Assert.Equal(("heard", "heard", false), await client.NextAsync());
    }

    [Fact]
    public async Task The_broker_publishes_the_will_of_a_client_that_asks_for_it()
    {
        await using BrokerClient watcher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "watcher311"));
        await watcher.SubscribeAsync("will311");
        var will = new MqttWill(new MqttPublish("will311", "gone"u8.ToArray(), MqttQos.AtLeastOnce), TimeSpan.Zero);
        BrokerClient leaving = await ConnectAsync("leaving-with-will", will);

        await leaving.Connection.DisconnectAsync(MqttReason.DisconnectWithWill, CancellationToken.None);

        Assert.Equal(("will311", "gone", false), await watcher.NextAsync());
    }

    [Fact]
    public async Task A_session_sends_what_waited_while_the_broker_was_gone()
    {
        await using var session = new MqttSession(
            new MqttConnector(TimeProvider.System),
            new MqttSessionOptions
            {
                ConnectOptions = () => Options("session"),
                Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), new Random(3)),
            },
            TimeProvider.System);
        session.Start();
        await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(BrokerClient.Patience);
        await broker.KillAsync();
        Task<MqttReason> waiting = session.PublishAsync(new MqttPublish("kept", "kept"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true), CancellationToken.None).AsTask();

        await broker.StartAsync();

        Assert.Equal(MqttReason.Success, await waiting.WaitAsync(BrokerClient.Patience));
        await using BrokerClient reader = await ConnectAsync("reader");
        await reader.SubscribeAsync("kept");
        Assert.Equal(("kept", "kept", true), await reader.NextAsync());
    }

    private Task<BrokerClient> ConnectAsync(string name, MqttWill? will = null) => ConnectAsync(Options(name) with { Will = will });

    private MqttConnectOptions Options(string name) => BrokerClient.Options(broker, name) with { Protocol = MqttProtocol.V311 };

    // Not by LinkConnector, which may be built with another library.
    private static async Task<BrokerClient> ConnectAsync(MqttConnectOptions options)
    {
        var client = new BrokerClient { Connection = null! };
        client.Connection = await new MqttConnector(TimeProvider.System).ConnectAsync(options, client, CancellationToken.None);
        return client;
    }
}
