using InstantNet.Agent.Remote;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Link;

/// <summary>What the controller is reached over: a broker, or a service that is made to look like one.</summary>
internal interface IControllerSurface : IDisposable
{
    /// <summary>Longest wait between two attempts to connect.</summary>
    TimeSpan LongestReconnect { get; }

    /// <summary>Most bytes of a telemetry batch that it carries.</summary>
    int MostBatchBytes { get; }

    /// <summary>The client that speaks its protocol.</summary>
    IMqttConnector ConnectorBy(TimeProvider time);

    /// <summary>The link over a session that connects by this surface's options. Called once, before the session is started.</summary>
    IMessageLink Over(MqttSession session);

    /// <summary>Options of the next connection attempt, which takes the next epoch.</summary>
    /// <exception cref="Exception">A file that could be read at the start can no longer be; the attempt is given up with what it says.</exception>
    MqttConnectOptions NextConnection();

    /// <summary>Says on a new connection that the device is there, before anything else.</summary>
    ValueTask GreetAsync(IMqttConnection connection, CancellationToken cancellationToken);

    /// <summary>Lets a downlink have whatever the controller sends. Called once, before the session is started.</summary>
    /// <param name="downlink">Gets messages, commands among them where they come as messages.</param>
    /// <param name="desk">Answers commands that come in another way.</param>
    ValueTask ListenAsync(Downlink downlink, ICommandDesk desk);

    /// <summary>Whatever the surface has to do besides; runs until it is cancelled, from <see cref="ListenAsync"/> on.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
