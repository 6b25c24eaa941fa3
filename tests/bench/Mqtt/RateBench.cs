using System.Diagnostics;

namespace InstantNet.Bench.Mqtt;

/// <summary>Rates of one connection, the libraries in turn in each round, so that a busy neighbour slows all alike.</summary>
/// <param name="broker">Running.</param>
/// <param name="clients">Connected, one of each library.</param>
/// <param name="messages">Of one round at QoS 0; half as many at QoS 1.</param>
/// <param name="time">Clock.</param>
internal sealed class RateBench(LoopbackMosquitto broker, IReadOnlyList<IBenchClient> clients, int messages, TimeProvider time)
{
    /// <summary>Messages at QoS 1 that a publisher sends before the first is acknowledged.</summary>
    public const int Window = 512;

    public const int PayloadBytes = 200;

    public const string Publishing = "publish", Receiving = "receive";

    private const string Topic = "instantnet/v1/bench/d/device-000001/up/t";
    private const int Rounds = 5;
    private const int WarmUpRounds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly byte[] _payload = new byte[PayloadBytes];

    /// <exception cref="TimeoutException">Messages were lost on the way.</exception>
    public async Task<IReadOnlyList<ClientRate>> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var rates = new List<ClientRate>();
        foreach (string work in (string[])[Publishing, Receiving])
        {
            for (int qos = 0; qos <= 1; qos++)
            {
                progress($"{work} at QoS {qos}");
                rates.AddRange(await MeasureAsync(work, qos, qos == 0 ? messages : messages / 2, cancellationToken));
            }
        }
        return rates;
    }

    private async Task<IEnumerable<ClientRate>> MeasureAsync(string work, int qos, int count, CancellationToken cancellationToken)
    {
        var runs = clients.ToDictionary(client => client, _ => new List<Measurement>());
        for (int round = -WarmUpRounds; round < Rounds; round++)
        {
            foreach (IBenchClient client in clients)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Measurement run = work == Publishing
                    ? await Measurement.OfAsync(() => client.PublishAsync(Topic, _payload, qos, count), time)
                    : await ReceiveAsync(client, qos, count);
                if (round >= 0)
                    runs[client].Add(run);
            }
        }
        return runs.Select(entry => Rate(entry.Key.Name, work, qos, count, entry.Value));
    }

    /// <summary>Measures from the first message received to the last.</summary>
    private async Task<Measurement> ReceiveAsync(IBenchClient client, int qos, int count)
    {
        string topic = $"bench/{client.Name}/{qos}";
        await client.SubscribeAsync(topic, qos);
        client.Arrivals.Expect(count);
        using Process flood = FloodCommand.Start(broker.Port, topic, qos, count);
        await client.Arrivals.First.WaitAsync(Patience);
        Measurement measured = await Measurement.OfAsync(() => client.Arrivals.All.WaitAsync(Patience), time);
        await flood.WaitForExitAsync();
        return flood.ExitCode == 0 ? measured : throw new InvalidOperationException($"The publisher ended with code {flood.ExitCode}.");
    }

    private static ClientRate Rate(string client, string work, int qos, int count, List<Measurement> runs)
    {
        double[] rates = [.. runs.Select(run => count / run.Elapsed.TotalSeconds).Order()];
        return new ClientRate(
            client, work, qos, count, rates[rates.Length / 2], rates[0], rates[^1],
            Median(runs.Select(run => run.Cpu.TotalMicroseconds / count)), Median(runs.Select(run => (double)run.Bytes / count)));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }
}
