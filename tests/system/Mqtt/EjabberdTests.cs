using System.Collections.Concurrent;
using System.Net.Security;
using System.Text;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Tls;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>The client against a second broker, which has other habits: over TCP, and over the WebSockets that it offers itself, with TLS and without.</summary>
public class EjabberdTests(EjabberdFixture broker) : IClassFixture<EjabberdFixture>
{
    private const string Tcp = "tcp", WebSocket = "ws", SecureWebSocket = "wss";

    [Theory]
    [InlineData(Tcp, MqttQos.AtMostOnce)]
    [InlineData(Tcp, MqttQos.AtLeastOnce)]
    [InlineData(WebSocket, MqttQos.AtMostOnce)]
    [InlineData(WebSocket, MqttQos.AtLeastOnce)]
    [InlineData(SecureWebSocket, MqttQos.AtMostOnce)]
    [InlineData(SecureWebSocket, MqttQos.AtLeastOnce)]
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
    [InlineData(SecureWebSocket)]
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
    [InlineData(SecureWebSocket)]
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

    [Fact]
    public async Task A_secure_link_comes_back_when_its_connection_broke_in_the_middle_of_messages()
    {
        await using var relay = new LoopbackRelay(broker.SecureWebSocketPort);
        await using BrokerClient observer = await BrokerClient.ConnectAsync(Options(Tcp, "wss-observer"));
        await observer.SubscribeAsync("wss/again");
        await using var session = new MqttSession(
            new LinkConnector(TimeProvider.System),
            new MqttSessionOptions
            {
                ConnectOptions = () => Options(SecureWebSocket, "again") with { Port = relay.Port },
                Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), new Random(1)),
            },
            TimeProvider.System);
        session.Start();
        await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(BrokerClient.Patience);

        Task lost = relay.LoseAnswerAfterAsync(bytes: 100_000);
        Task[] publishes = [.. Enumerable.Range(0, 8).Select(i => session.PublishAsync(
            new MqttPublish("wss/again", Encoding.UTF8.GetBytes(i + new string('x', 50_000)), MqttQos.AtLeastOnce), CancellationToken.None).AsTask())];
        await lost.WaitAsync(BrokerClient.Patience);
        relay.IsDown = false;

        await Task.WhenAll(publishes).WaitAsync(BrokerClient.Patience);
        var received = new HashSet<char>();
        while (received.Count < publishes.Length)
            received.Add((await observer.NextAsync()).Text[0]);
    }

    [Fact]
    public async Task An_unknown_authority_another_name_and_plain_text_on_its_secure_port_are_told_apart()
    {
        using var others = new TestCertificates();
        MqttConnectOptions good = Options(SecureWebSocket, "told");
        MqttConnectOptions unknown = Options(SecureWebSocket, "told");
        unknown.Tls!.CertificateChainPolicy!.CustomTrustStore.Clear();
        unknown.Tls.CertificateChainPolicy.CustomTrustStore.Add(others.Authority);

        await (await BrokerClient.ConnectAsync(good)).DisposeAsync();
        Assert.Equal(MqttFailure.TlsFailed, await FailureOfAsync(unknown));
        Assert.Equal(MqttFailure.TlsFailed, await FailureOfAsync(good with { Tls = Secure("another.example") }));
        Assert.Equal(MqttFailure.NotABroker, await FailureOfAsync(good with { Tls = null }));

        static async Task<MqttFailure> FailureOfAsync(MqttConnectOptions options) =>
            (await Assert.ThrowsAsync<MqttException>(() => BrokerClient.ConnectAsync(options))).Failure;
    }

    private SslClientAuthenticationOptions Secure(string? serverName = null) => new ClientTls { AuthorityFile = broker.AuthorityFile, ServerName = serverName }.Load();

    // It asks for a user name and takes any.
    private MqttConnectOptions Options(string transport, string clientId) => new()
    {
        Host = MosquittoFixture.Host,
        Port = transport switch { WebSocket => broker.WebSocketPort, SecureWebSocket => broker.SecureWebSocketPort, _ => broker.Port },
        WebSocketPath = transport == Tcp ? null : EjabberdFixture.WebSocketPath,
        Tls = transport == SecureWebSocket ? Secure() : null,
        ClientId = $"{clientId}-{transport}",
        UserName = $"{clientId}-{transport}",
        Password = "any"u8.ToArray(),
        CleanStart = true,
    };
}
