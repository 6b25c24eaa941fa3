using System.Collections.Concurrent;
using System.Text;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>The client against a second broker, which has other habits: over TCP, and over the WebSocket that it offers itself.</summary>
public class EjabberdTests(EjabberdFixture broker) : IClassFixture<EjabberdFixture>
{
    private const string Tcp = "tcp", WebSocket = "ws";

    [Theory]
    [InlineData(Tcp, MqttQos.AtMostOnce)]
    [InlineData(Tcp, MqttQos.AtLeastOnce)]
    [InlineData(WebSocket, MqttQos.AtMostOnce)]
    [InlineData(WebSocket, MqttQos.AtLeastOnce)]
    public async Task Delivers_both_ways_in_order(string transport, MqttQos qos)
    {
        await using BrokerClient subscriber = await BrokerClient.ConnectAsync(Options(transport, $"sub{qos}"));
        await using BrokerClient publisher = await BrokerClient.ConnectAsync(Options(transport, $"pub{qos}"));
        await subscriber.SubscribeAsync($"both/{transport}/{qos}", qos);

        for (int i = 0; i < 200; i++)
            await publisher.PublishAsync($"both/{transport}/{qos}", $"message {i}", qos);

        for (int i = 0; i < 200; i++)
            Assert.Equal(($"both/{transport}/{qos}", $"message {i}", false), await subscriber.NextAsync());
    }

    [Theory]
    [InlineData(Tcp)]
    [InlineData(WebSocket)]
    public async Task Large_retained_messages_wait_for_a_late_subscriber(string transport)
    {
        string chunk = new('x', 60_000);
        await using BrokerClient publisher = await BrokerClient.ConnectAsync(Options(transport, "chunks"));
        for (int n = 0; n < 3; n++)
            await publisher.PublishAsync($"b/{transport}/{n}", n + chunk, retain: true);

        await using BrokerClient late = await BrokerClient.ConnectAsync(Options(transport, "late"));
        await late.SubscribeAsync($"b/{transport}/+");
        var received = new List<(string Topic, string Text, bool Retain)>();
        for (int n = 0; n < 3; n++)
            received.Add(await late.NextAsync());

        Assert.Equal(Enumerable.Range(0, 3).Select(n => ($"b/{transport}/{n}", n + chunk, true)), received.OrderBy(m => m.Topic, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Tcp)]
    [InlineData(WebSocket)]
    public async Task Publishes_the_will_of_a_client_that_vanishes_and_not_of_one_that_says_goodbye(string transport)
    {
        MqttConnectOptions WithWill(string name) => Options(transport, name) with
        {
            Will = new MqttWill(new MqttPublish($"will/{transport}", Encoding.UTF8.GetBytes(name), MqttQos.AtLeastOnce), TimeSpan.Zero),
        };
        await using BrokerClient watcher = await BrokerClient.ConnectAsync(Options(transport, "watcher"));
        await watcher.SubscribeAsync($"will/{transport}");
        BrokerClient polite = await BrokerClient.ConnectAsync(WithWill("polite"));
        BrokerClient vanishing = await BrokerClient.ConnectAsync(WithWill("vanishing"));

        await polite.Connection.DisconnectAsync(MqttReason.Success, CancellationToken.None);
        await vanishing.DisposeAsync();

        Assert.Equal("vanishing", (await watcher.NextAsync()).Text);
    }

    [Fact]
    public async Task Unacknowledged_messages_are_repeated_when_it_kept_the_session()
    {
        const int count = 10;
        var sessionsPresent = new ConcurrentQueue<bool>();
        await using var relay = new LoopbackRelay(broker.Port);
        await using BrokerClient observer = await BrokerClient.ConnectAsync(Options(Tcp, "observer"));
        await observer.SubscribeAsync("resume");
        await using var session = new MqttSession(
            new MqttConnector(TimeProvider.System), // the package cannot
            new MqttSessionOptions
            {
                ConnectOptions = () => Options(Tcp, "resuming") with { Port = relay.Port, CleanStart = false, SessionExpiry = TimeSpan.FromMinutes(5) },
                OnConnected = (connection, _) =>
                {
                    sessionsPresent.Enqueue(connection.ConnAck.SessionPresent);
                    return ValueTask.CompletedTask;
                },
                Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), new Random(1)),
            },
            TimeProvider.System);
        session.Start();
        await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(BrokerClient.Patience);

        relay.IsMute = true;
        Task<MqttReason>[] publishes = [.. Enumerable.Range(0, count).Select(i =>
            session.PublishAsync(new MqttPublish("resume", Encoding.UTF8.GetBytes($"{i}"), MqttQos.AtLeastOnce), CancellationToken.None).AsTask())];
        for (int i = 0; i < count; i++)
            Assert.Equal($"{i}", (await observer.NextAsync()).Text);
        relay.Cut();
        relay.IsMute = false;

        await Task.WhenAll(publishes).WaitAsync(BrokerClient.Patience);
        Assert.Equal([false, true], sessionsPresent);
        for (int i = 0; i < count; i++)
            Assert.Equal($"{i}", (await observer.NextAsync()).Text); // this broker hands repeats on
    }

    // It asks for a user name and takes any.
    private MqttConnectOptions Options(string transport, string clientId) => new()
    {
        Host = MosquittoFixture.Host,
        Port = transport == WebSocket ? broker.WebSocketPort : broker.Port,
        WebSocketPath = transport == WebSocket ? EjabberdFixture.WebSocketPath : null,
        ClientId = $"{clientId}-{transport}",
        UserName = $"{clientId}-{transport}",
        Password = "any"u8.ToArray(),
        CleanStart = true,
    };
}
