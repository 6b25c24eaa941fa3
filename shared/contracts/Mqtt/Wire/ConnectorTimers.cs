namespace InstantNet.Contracts.Mqtt.Wire;

/// <summary>The timers that all connections of a connector share.</summary>
internal sealed class ConnectorTimers(TimeProvider time)
{
    public TimeProvider Time => time;

    public SharedTimer<MqttConnection> KeepAlive { get; } = new(time, TimeSpan.FromSeconds(1), static (connection, now) => connection.OnTick(now));

    public SharedTimer<ReceiveModerator> Moderation { get; } = new(time, ReceiveModeration.Period, static (moderator, now) => moderator.OnTick(now));
}
