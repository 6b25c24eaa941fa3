using System.Globalization;
using System.Text;
using InstantNet.Contracts.Mqtt;
using InstantNet.Controller.Broker;

namespace InstantNet.Tests.System.Fleet;

/// <summary>Someone who got hold of the broker and may write to every topic; has no release key.</summary>
internal static class Intruder
{
    private const string User = "intruder", Password = "let-me-in";
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    /// <summary>Puts retained messages into the broker.</summary>
    public static async Task PublishAsync(FleetFixture fleet, params IEnumerable<(string Topic, byte[] Payload)> messages)
    {
        await using IMqttConnection connection = await ConnectAsync(fleet);
        foreach ((string topic, byte[] payload) in messages)
            await connection.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtLeastOnce, Retain: true), CancellationToken.None);
        await connection.DisconnectAsync(MqttReason.Success, CancellationToken.None);
    }

    private static async Task<IMqttConnection> ConnectAsync(FleetFixture fleet)
    {
        await EnsureLineAsync(Path.Combine(fleet.Data.Broker, "passwd"), $"{User}:{PasswordHash.Of(Password)}\n");
        await EnsureLineAsync(Path.Combine(fleet.Data.Broker, "acl"), $"user {User}\ntopic readwrite {fleet.Topics.All}\n");
        int process = int.Parse(await File.ReadAllTextAsync(Path.Combine(fleet.Data.Broker, "mosquitto.conf.pid")), CultureInfo.InvariantCulture);
        using (global::System.Diagnostics.Process reload = global::System.Diagnostics.Process.Start("/bin/kill", ["-HUP", $"{process}"]))
            await reload.WaitForExitAsync();

        MqttConnectOptions options = new()
        {
            Host = "127.0.0.1",
            Port = int.Parse(await File.ReadAllTextAsync(fleet.Data.BrokerPort), CultureInfo.InvariantCulture),
            ClientId = User,
            UserName = User,
            Password = Encoding.UTF8.GetBytes(Password),
            CleanStart = true,
        };
        using CancellationTokenSource patience = new(FleetFixture.Limit);
        while (true)
        {
            try
            {
                return await new MqttConnector(TimeProvider.System).ConnectAsync(options, new Deaf(), patience.Token);
            }
            catch (MqttException)
            {
                await Task.Delay(Retry, patience.Token); // the broker has not read its accounts yet
            }
        }
    }

    private static async Task EnsureLineAsync(string file, string text)
    {
        if (!(await File.ReadAllTextAsync(file)).Contains(User, StringComparison.Ordinal))
            await File.AppendAllTextAsync(file, text);
    }

    private sealed class Deaf : IMqttInbound
    {
        public ValueTask OnMessageAsync(MqttMessage message, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
