using System.Diagnostics;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Tests.System.Mqtt;

/// <summary>What a person reads when the broker says no.</summary>
public sealed class MqttRefusalTests : IAsyncLifetime
{
    private readonly MosquittoFixture _broker = new();

    public async Task InitializeAsync()
    {
        string passwords = Path.Combine(_broker.Folder, "passwords");
        string rules = Path.Combine(_broker.Folder, "acl");
        using (Process tool = Process.Start("/usr/bin/mosquitto_passwd", ["-b", "-c", passwords, "device", "right"]))
            await tool.WaitForExitAsync();
        await File.WriteAllTextAsync(rules, "user device\ntopic readwrite allowed/#\n");
        _broker.ExtraConfiguration = $"allow_anonymous false\npassword_file {passwords}\nacl_file {rules}";
        await _broker.StartAsync();
    }

    public Task DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_wrong_password_is_refused_with_the_reason()
    {
        var e = await Assert.ThrowsAsync<MqttException>(() => BrokerClient.ConnectAsync(As("wrong")));

        Assert.Equal((MqttFailure.Refused, MqttReason.NotAuthorized), (e.Failure, e.Reason));
        Assert.Equal($"The broker at 127.0.0.1:{_broker.Port} refused the connection: not authorized (0x87).", e.Message);
    }

    [Fact]
    public async Task A_message_to_a_foreign_topic_is_refused_and_the_connection_stays()
    {
        await using BrokerClient client = await BrokerClient.ConnectAsync(As("right"));

        var e = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("foreign", "x"));
        await client.PublishAsync("allowed/x", "x");

        Assert.Equal("The broker refused the message to 'foreign': not authorized (0x87).", e.Message);
    }

    [Fact]
    public async Task A_session_reports_the_refusal_and_goes_on_trying()
    {
        var statuses = new TaskCompletionSource<LinkStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        string password = "wrong";
        await using var session = new MqttSession(
            new LinkConnector(TimeProvider.System),
            new MqttSessionOptions
            {
                ConnectOptions = () => As(Volatile.Read(ref password)),
                Backoff = new ReconnectBackoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50), new Random(1)),
            },
            TimeProvider.System);
        session.StatusChanged += (_, status) => statuses.TrySetResult(status);

        session.Start();
        LinkStatus first = await statuses.Task.WaitAsync(BrokerClient.Patience);
        Volatile.Write(ref password, "right");
        await session.WaitUntilConnectedAsync(CancellationToken.None).WaitAsync(BrokerClient.Patience);

        Assert.False(first.IsConnected);
        Assert.Equal((MqttFailure.Refused, MqttReason.NotAuthorized), (first.Failure, first.Reason));
    }

    private MqttConnectOptions As(string password) =>
        BrokerClient.Options(_broker, "device") with { UserName = "device", Password = global::System.Text.Encoding.UTF8.GetBytes(password) };
}
