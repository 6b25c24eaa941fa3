using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.Unit.Contracts.Mqtt;

/// <summary>What becomes of messages that were on their way when the connection ended. OASIS MQTT 5.0, section 4.4.</summary>
public sealed class MqttResumeTests : IAsyncLifetime
{
    private const byte Publish = 0x32, PublishAgain = 0x3A;
    private static readonly byte[] AcceptedWithSession = [0x20, 3, 1, 0, 0];
    private static readonly byte[] AcceptedWithSessionAndReceiveMaximumOne = [0x20, 6, 1, 0, 3, 0x21, 0, 1];

    private readonly ScriptedBroker _broker = new();
    private readonly MqttSession _session;

    public MqttResumeTests()
    {
        _session = new MqttSession(
            new MqttConnector(TimeProvider.System),
            new MqttSessionOptions
            {
                ConnectOptions = () => _broker.Options,
                Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), new Random(1)),
            },
            TimeProvider.System);
        _session.Start();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _broker.Dispose();
        await _session.DisposeAsync();
    }

    [Fact]
    public async Task When_the_broker_kept_the_session_they_are_repeated_in_order_under_their_identifiers_which_nothing_else_takes()
    {
        Task<MqttReason>[] publishes;
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
        {
            publishes = await PublishAsync(first, 3);
            await AcknowledgeAsync(first, id: 2);
            await publishes[1].WaitAsync(ScriptedBroker.Patience);
        }

        using ScriptedBroker.Peer second = await _broker.AcceptAsync(AcceptedWithSession);
        Assert.Equal((PublishAgain, 1, 0), Read(await second.ReadAsync()));
        Assert.Equal((PublishAgain, 3, 2), Read(await second.ReadAsync()));
        Task<MqttReason> further = _session.PublishAsync(Message(9), CancellationToken.None).AsTask();
        Assert.Equal((Publish, 2, 9), Read(await second.ReadAsync()));
        for (byte id = 1; id <= 3; id++)
            await AcknowledgeAsync(second, id);

        await Task.WhenAll([.. publishes, further]).WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task When_the_broker_forgot_the_session_they_are_sent_as_new()
    {
        Task<MqttReason>[] publishes;
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
        {
            publishes = await PublishAsync(first, 3);
            await AcknowledgeAsync(first, id: 1);
            await publishes[0].WaitAsync(ScriptedBroker.Patience);
        }

        using ScriptedBroker.Peer second = await _broker.AcceptAsync(ScriptedBroker.Accepted);
        Assert.Equal((Publish, 1, 1), Read(await second.ReadAsync()));
        Assert.Equal((Publish, 2, 2), Read(await second.ReadAsync()));
        await AcknowledgeAsync(second, id: 1);
        await AcknowledgeAsync(second, id: 2);

        await Task.WhenAll(publishes).WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task They_stay_within_what_the_broker_takes_now_and_survive_another_loss_in_the_middle()
    {
        Task<MqttReason>[] publishes;
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
            publishes = await PublishAsync(first, 3);
        using (ScriptedBroker.Peer second = await _broker.AcceptAsync(AcceptedWithSessionAndReceiveMaximumOne))
        {
            Assert.Equal((PublishAgain, 1, 0), Read(await second.ReadAsync()));
            await AcknowledgeAsync(second, id: 1);
            Assert.Equal((PublishAgain, 2, 1), Read(await second.ReadAsync()));
        }

        using ScriptedBroker.Peer third = await _broker.AcceptAsync(AcceptedWithSessionAndReceiveMaximumOne);
        foreach (byte id in (byte[])[2, 3])
        {
            Assert.Equal((PublishAgain, id, id - 1), Read(await third.ReadAsync()));
            await AcknowledgeAsync(third, id);
        }
        await Task.WhenAll(publishes).WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task One_that_its_caller_gave_up_in_between_is_not_repeated_and_its_identifier_is_free()
    {
        using var cancel = new CancellationTokenSource();
        Task<MqttReason> given, kept;
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
        {
            given = _session.PublishAsync(Message(0), cancel.Token).AsTask();
            await first.ReadAsync();
            kept = _session.PublishAsync(Message(1), CancellationToken.None).AsTask();
            await first.ReadAsync();
        }
        using ScriptedBroker.Peer second = await _broker.AcceptAsync(); // holds the session in its connect
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await second.SendAsync(AcceptedWithSession);

        Assert.Equal((PublishAgain, 2, 1), Read(await second.ReadAsync()));
        Task<MqttReason> further = _session.PublishAsync(Message(9), CancellationToken.None).AsTask();
        Assert.Equal((Publish, 1, 9), Read(await second.ReadAsync()));
        await AcknowledgeAsync(second, id: 1);
        await AcknowledgeAsync(second, id: 2);
        await Task.WhenAll(kept, further).WaitAsync(ScriptedBroker.Patience);
    }

    [Fact]
    public async Task Stopping_fails_those_that_wait_for_the_next_connection()
    {
        Task<MqttReason>[] publishes;
        using (ScriptedBroker.Peer first = await _broker.AcceptAsync(ScriptedBroker.Accepted))
            publishes = await PublishAsync(first, 1);
        using ScriptedBroker.Peer second = await _broker.AcceptAsync();

        await _session.StopAsync(CancellationToken.None);

        Assert.Equal("The link was stopped.", (await Assert.ThrowsAsync<MqttException>(() => publishes[0])).Message);
    }

    private async Task<Task<MqttReason>[]> PublishAsync(ScriptedBroker.Peer peer, int count)
    {
        var publishes = new Task<MqttReason>[count];
        for (int i = 0; i < count; i++)
        {
            publishes[i] = _session.PublishAsync(Message((byte)i), CancellationToken.None).AsTask();
            Assert.Equal((Publish, i + 1, i), Read(await peer.ReadAsync()));
        }
        return publishes;
    }

    private static Task AcknowledgeAsync(ScriptedBroker.Peer peer, byte id) => peer.SendAsync(0x40, 2, 0, id);

    private static MqttPublish Message(byte content) => new("p", new[] { content }, MqttQos.AtLeastOnce);

    private static (byte First, int Id, int Content) Read(byte[] publish) => (publish[0], (publish[5] << 8) | publish[6], publish[^1]);
}
