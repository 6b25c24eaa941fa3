namespace InstantNet.Bench.Mqtt;

/// <summary>Time of a lone message: a client publishes at QoS 0 to itself and waits for it, the libraries in turn in each round.</summary>
/// <param name="clients">Connected, one of each library.</param>
/// <param name="time">Clock.</param>
internal sealed class RoundTripBench(IReadOnlyList<IBenchClient> clients, TimeProvider time)
{
    private const int TripsARound = 2000;
    private const int Rounds = 5;
    private const int WarmUpRounds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly byte[] _payload = new byte[RateBench.PayloadBytes];

    /// <exception cref="TimeoutException">A message was lost.</exception>
    public async Task<IReadOnlyList<RoundTrip>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        progress("round trips at QoS 0");
        var trips = clients.ToDictionary(client => client, _ => new List<double>(Rounds * TripsARound));
        foreach (IBenchClient client in clients)
            await client.SubscribeAsync(Topic(client), qos: 0);
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            foreach (IBenchClient client in clients)
            {
                for (int i = 0; i < TripsARound; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    TimeSpan trip = await TravelAsync(client);
                    if (round >= 0)
                        trips[client].Add(trip.TotalMicroseconds);
                }
            }
        }
        return [.. trips.Select(entry => RoundTrip.Of(entry.Key.Name, entry.Value))];
    }

    private async Task<TimeSpan> TravelAsync(IBenchClient client)
    {
        client.Arrivals.Expect(1);
        long began = time.GetTimestamp();
        await client.SendAsync(Topic(client), _payload);
        await client.Arrivals.All.WaitAsync(Patience);
        return time.GetElapsedTime(began);
    }

    private static string Topic(IBenchClient client) => $"bench/{client.Name}/round-trip";
}
