using System.Text;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Controller.Broker;

/// <summary>Makes links from the controller to the broker, one for each of its users.</summary>
internal sealed partial class LinkFactory(BrokerOptions options, BrokerAccounts accounts, TimeProvider time, ILogger<LinkFactory> log)
{
    // The broker keeps what arrives while the controller restarts this long.
    private static readonly TimeSpan SessionExpiry = TimeSpan.FromDays(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);
    private const int ReadBufferBytes = 64 * 1024;

    // The protocol's highest. mosquitto 2.0.11 sends all that it has queued once the first acknowledgement comes, whatever it was told
    // (db__message_delete_outgoing counts the quota down only when it writes); its max_queued_messages is the bound that holds.
    private const int ReceiveMaximum = ushort.MaxValue;
    private readonly LinkConnector _connector = new(time);

    /// <summary>A link that is not started yet; the caller disposes it.</summary>
    /// <param name="user">One of <see cref="BrokerAccounts.ControllerUsers"/>.</param>
    /// <param name="will">Published by the broker when the controller vanishes; null for none.</param>
    /// <param name="onConnected">Runs after each connect, before anything else is sent; null for nothing.</param>
    public MqttSession Create(string user, MqttWill? will, Func<IMqttConnection, CancellationToken, ValueTask>? onConnected)
    {
        MqttConnectOptions connect = new()
        {
            Host = options.Host,
            Port = options.Port,
            ClientId = user,
            UserName = user,
            Password = Encoding.UTF8.GetBytes(accounts.Password),
            SessionExpiry = SessionExpiry,
            Will = will,
            ReceiveMaximum = ReceiveMaximum,
            ReadBufferBytes = ReadBufferBytes,
        };
        MqttSession session = new(
            _connector,
            new MqttSessionOptions
            {
                ConnectOptions = () => connect,
                OnConnected = onConnected,
                OnError = (sentence, cause) => LogError(cause, user, sentence),
                Backoff = new ReconnectBackoff(FirstRetry, LongestRetry, new Random(user.GetHashCode(StringComparison.Ordinal))),
                MaxWaitingPublishes = int.MaxValue,
            },
            time);
        session.StatusChanged += (_, status) =>
        {
            if (status.Failure != MqttFailure.None)
                LogLost(user, status.Sentence);
        };
        return session;
    }

    /// <summary>Waits until the broker knows a device's password, by connecting as the device.</summary>
    /// <exception cref="OperationCanceledException">It still refuses.</exception>
    public async Task WaitUntilAcceptedAsync(string device, string password, CancellationToken cancellationToken)
    {
        MqttConnectOptions connect = new()
        {
            Host = options.Host,
            Port = options.Port,
            ClientId = device,
            UserName = device,
            Password = Encoding.UTF8.GetBytes(password),
            CleanStart = true,
        };
        while (true)
        {
            try
            {
                await using IMqttConnection connection = await _connector.ConnectAsync(connect, IgnoreInbound.Instance, cancellationToken);
                await connection.DisconnectAsync(MqttReason.Success, cancellationToken);
                return;
            }
            catch (MqttException)
            {
                await Task.Delay(FirstRetry, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(221, LogLevel.Error, "Link {User}: {Sentence}")]
    private partial void LogError(Exception cause, string user, string sentence);

    [LoggerMessage(222, LogLevel.Warning, "Link {User} is down: {Sentence}")]
    private partial void LogLost(string user, string sentence);

    private sealed class IgnoreInbound : IMqttInbound
    {
        public static readonly IgnoreInbound Instance = new();

        public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
