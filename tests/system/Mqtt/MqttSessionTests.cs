using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>The self-healing link against a real broker that dies and comes back.</summary>
public class MqttSessionTests(MosquittoFixture broker) : IClassFixture<MosquittoFixture>
{
    [Fact]
    public async Task Comes_back_after_the_broker_was_killed_and_restores_birth_and_subscriptions()
    {
        var births = new ConcurrentQueue<bool>();
        await using MqttSession session = Session("returning", async (connection, cancellationToken) =>
        {
            births.Enqueue(connection.ConnAck.SessionPresent);
            await connection.PublishAsync(new MqttPublish("state", "online"u8.ToArray(), MqttQos.AtLeastOnce, Retain: true), cancellationToken);
        });
        Channel<string> received = Channel.CreateUnbounded<string>();
        await session.SubscribeAsync("orders/+", MqttQos.AtLeastOnce, (message, _) =>
        {
            received.Writer.TryWrite(Encoding.UTF8.GetString(message.Payload.Span));
            return ValueTask.CompletedTask;
        }, CancellationToken.None);
        session.Start();
        await session.PublishAsync(Order("one"), CancellationToken.None);
        Assert.Equal("one", await Next(received));

        TaskCompletionSource lost = Signal(session, connected: false);
        await broker.KillAsync();
        await lost.Task.WaitAsync(BrokerClient.Patience);
        Task<MqttReason> waiting = session.PublishAsync(Order("two"), CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        await broker.StartAsync();

        Assert.Equal(MqttReason.Success, await waiting.WaitAsync(BrokerClient.Patience));
        Assert.Equal("two", await Next(received));
        Assert.Equal(2, births.Count);
        Assert.True(session.Status.IsConnected);
    }

    [Fact]
    public async Task Stopping_says_goodbye_so_that_the_will_is_not_published()
    {
        await using BrokerClient watcher = await BrokerClient.ConnectAsync(BrokerClient.Options(broker, "session-watcher"));
        await watcher.SubscribeAsync("session-will");
        MqttSession session = Session("stopping", onConnected: null);
        session.Start();
        await session.WaitUntilConnectedAsync(CancellationToken.None);

        await session.StopAsync(CancellationToken.None);

        await watcher.PublishAsync("session-will", "end");
        Assert.Equal("end", (await watcher.NextAsync()).Text);
        Assert.Equal("Stopped.", session.Status.Sentence);
        await session.DisposeAsync();
    }

    private MqttSession Session(string name, Func<IMqttConnection, CancellationToken, ValueTask>? onConnected) => new(
        new LinkConnector(TimeProvider.System),
        new MqttSessionOptions
        {
            ConnectOptions = () => BrokerClient.Options(broker, name) with
            {
                Will = new MqttWill(new MqttPublish("session-will", "gone"u8.ToArray(), MqttQos.AtLeastOnce), TimeSpan.Zero),
            },
            OnConnected = onConnected,
            Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), new Random(1)),
        },
        TimeProvider.System);

    private static MqttPublish Order(string text) => new("orders/new", Encoding.UTF8.GetBytes(text), MqttQos.AtLeastOnce);

    private static async Task<string> Next(Channel<string> received) => await received.Reader.ReadAsync().AsTask().WaitAsync(BrokerClient.Patience);

    private static TaskCompletionSource Signal(MqttSession session, bool connected)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.StatusChanged += (_, status) =>
        {
            if (status.IsConnected == connected)
                signal.TrySetResult();
        };
        return signal;
    }
}
