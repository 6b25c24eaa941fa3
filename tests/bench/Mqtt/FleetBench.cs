using InstantNet.Contracts.Mqtt;

namespace InstantNet.Bench.Mqtt;

/// <summary>Many self-healing links in this process: connect, publish, lose the broker, come back.</summary>
/// <param name="broker">Running; it is killed and started again.</param>
/// <param name="name">What the report calls the library.</param>
/// <param name="connector">The library.</param>
/// <param name="time">Clock.</param>
internal sealed class FleetBench(LoopbackMosquitto broker, string name, IMqttConnector connector, TimeProvider time)
{
    // mosquitto's listener queues a hundred connections; more would wait for TCP to knock again after a second.
    private const int ConnectingAtOnce = 100;

    // As the agent does by default (agent/Link: AgentSession, BrokerSettings).
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<FleetResult> RunAsync(int connections, Action<string> progress, CancellationToken cancellationToken)
    {
        long before = ResidentBytes(), brokerBefore = broker.ResidentBytes();
        var attendance = new Attendance(connections, time);
        MqttSession[] links = [.. Enumerable.Range(0, connections).Select(i => Link(i, attendance))];
        try
        {
            progress($"{connections:N0} connections: connecting");
            long began = time.GetTimestamp();
            await Parallel.ForEachAsync(links, new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellationToken }, Connect);
            double connected = time.GetElapsedTime(began).TotalSeconds;
            long resident = (ResidentBytes() - before) / connections, atBroker = (broker.ResidentBytes() - brokerBefore) / connections;

            progress($"{connections:N0} connections: each publishes once");
            double published = await PublishOnceAsync(links, cancellationToken);

            progress($"{connections:N0} connections: the broker restarts");
            await attendance.WhenAllAsync(present: true, Patience, cancellationToken);
            await broker.KillAsync();
            await attendance.WhenAllAsync(present: false, Patience, cancellationToken);
            long started = time.GetTimestamp();
            await broker.StartAsync();
            await attendance.WhenAllAsync(present: true, Patience, cancellationToken);
            await PublishOnceAsync(links, cancellationToken);
            return new FleetResult(
                name, connections, connected, resident, atBroker, published,
                time.GetElapsedTime(started, attendance.AllAt).TotalSeconds, time.GetElapsedTime(started, attendance.HalfAt).TotalSeconds,
                attendance.FailedAttempts);
        }
        finally
        {
            await Parallel.ForEachAsync(links, CancellationToken.None, (link, _) => link.DisposeAsync());
        }
    }

    private static async ValueTask Connect(MqttSession link, CancellationToken cancellationToken)
    {
        link.Start();
        await link.WaitUntilConnectedAsync(cancellationToken);
    }

    private MqttSession Link(int number, Attendance attendance)
    {
        var options = new MqttConnectOptions { Host = LoopbackMosquitto.Host, Port = broker.Port, ClientId = $"bench-{number:D6}" };
        var link = new MqttSession(
            connector,
            new MqttSessionOptions { ConnectOptions = () => options, Backoff = new ReconnectBackoff(FirstWindow, LongestWindow, new Random(number)) },
            time);
        link.StatusChanged += attendance.OnStatus;
        return link;
    }

    /// <returns>Seconds until all are acknowledged.</returns>
    private async Task<double> PublishOnceAsync(MqttSession[] links, CancellationToken cancellationToken)
    {
        byte[] payload = new byte[RateBench.PayloadBytes];
        long began = time.GetTimestamp();
        await Task.WhenAll(links.Select((link, i) => link.PublishAsync(new MqttPublish($"bench/{i}", payload, MqttQos.AtLeastOnce), cancellationToken).AsTask()));
        return time.GetElapsedTime(began).TotalSeconds;
    }

    private static long ResidentBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
