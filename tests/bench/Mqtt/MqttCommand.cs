using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using InstantNet.Contracts.Mqtt;
using InstantNet.Generation.Datasets;

namespace InstantNet.Bench.Mqtt;

/// <summary><c>bench mqtt</c>: the MQTT client against a real broker, beside mosquitto's own library.</summary>
internal static class MqttCommand
{
    private const string Product = "product";
    private const int FilesBesideConnections = 300;

    public static Command Create()
    {
        Option<int> messages = new("--messages") { Description = "Messages of one round at QoS 0; half as many at QoS 1.", DefaultValueFactory = _ => 100_000 };
        Option<string> connections = new("--connections")
        {
            Description = "Links in this process, one number or several separated by commas; 0 leaves this part out.",
            DefaultValueFactory = _ => "5000,10000",
        };
        Option<FileInfo?> json = new("--json") { Description = "Also write the result there as JSON.", HelpName = "FILE" };
        Command command = new("mqtt", "Publish, receive, send a lone message round, hold many connections and come back after a restart, against mosquitto on loopback and beside libmosquitto.")
        {
            messages, connections, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int count = parsed.GetValue(messages);
            int[]? fleets = Numbers(parsed.GetRequiredValue(connections));
            if (count is < 1000 or > 10_000_000)
                return Misused($"--messages is {count}: 1000 to 10000000 are accepted.");
            if (fleets is null)
                return Misused($"--connections is '{parsed.GetValue(connections)}': numbers from 0 to 25000, separated by commas, are accepted.");
            MqttResult result;
            try
            {
                result = await RunAsync(count, [.. fleets.Where(n => n > 0)], cancellationToken);
            }
            catch (FileNotFoundException e)
            {
                return Misused(e.Message);
            }
            MqttReport.Print(result, Console.Out);
            if (parsed.GetValue(json) is FileInfo file)
                AtomicFile.Write(file.FullName, s => JsonSerializer.Serialize(s, result, MqttJson.Default.MqttResult));
            string[] faults = [.. Faults(result.Rates)];
            foreach (string fault in faults)
                await Console.Error.WriteLineAsync(fault);
            return faults.Length == 0 ? 0 : 1;
        });
        return command;
    }

    private static async Task<MqttResult> RunAsync(int messages, int[] fleets, CancellationToken cancellationToken)
    {
        string version = await LoopbackMosquitto.VersionAsync();
        if (fleets.Length > 0)
        {
            int wanted = fleets.Max() + FilesBesideConnections;
            long limit = OpenFileLimit.Raise(wanted);
            int fitting = (int)Math.Min(int.MaxValue, limit - FilesBesideConnections);
            foreach (int _ in fleets.Where(n => n > fitting))
                Say($"At most {limit} files may be open and this user may not raise that: {fitting} connections are measured instead.");
            fleets = [.. fleets.Select(n => Math.Min(n, fitting)).Distinct()];
        }
        var connector = new MqttConnector(TimeProvider.System);
        (IReadOnlyList<ClientRate> rates, IReadOnlyList<RoundTrip> trips) = await OneConnectionAsync(connector, messages, cancellationToken);
        var results = new List<FleetResult>();
        foreach (int connections in fleets)
        {
            foreach ((string name, IMqttConnector library) in Behind(connector))
            {
                await using var broker = new LoopbackMosquitto();
                await broker.StartAsync();
                results.Add(await new FleetBench(broker, name, library, TimeProvider.System).RunAsync(connections, Say, cancellationToken));
            }
        }
        return new MqttResult(1, Machine.This(), version, rates, trips, results);
    }

    private static async Task<(IReadOnlyList<ClientRate> Rates, IReadOnlyList<RoundTrip> Trips)> OneConnectionAsync(
        MqttConnector connector, int messages, CancellationToken cancellationToken)
    {
        await using var broker = new LoopbackMosquitto();
        await broker.StartAsync();
        List<IBenchClient> clients = [];
        try
        {
            foreach ((string name, IMqttConnector library) in Behind(connector))
                clients.Add(await ConnectorClient.ConnectAsync(name, library, broker.Port, name));
            if (NativeMosquitto.IsInstalled)
                clients.Add(await LibMosquittoClient.ConnectAsync(broker.Port, "libmosquitto"));
            else
                Say("libmosquitto1 is not installed and not measured.");
            IReadOnlyList<ClientRate> rates = await new RateBench(broker, clients, messages, TimeProvider.System).RunAsync(Say, cancellationToken);
            return (rates, await new RoundTripBench(clients, TimeProvider.System).RunAsync(Say, cancellationToken));
        }
        finally
        {
            foreach (IBenchClient client in clients)
                await client.DisposeAsync();
        }
    }

    // The product's own client, and the package where the build has it (shared/mqttnet).
    private static IEnumerable<(string Name, IMqttConnector Library)> Behind(MqttConnector own)
    {
        yield return (Product, own);
        IMqttConnector linked = new LinkConnector(TimeProvider.System);
        if (linked is not MqttConnector)
            yield return ("MQTTnet", linked);
    }

    // One object a message would be 24 bytes at least; below that are the pools, which warm up once more on a thread that is new.
    private static IEnumerable<string> Faults(IReadOnlyList<ClientRate> rates)
    {
        ByteBudgets budgets = ByteBudgets.Load();
        return rates.Where(rate => rate.Client == Product).Select(rate => budgets.Fault($"mqtt/{rate.Work}{rate.Qos}", rate.Bytes)).OfType<string>();
    }

    private static int[]? Numbers(string text)
    {
        string[] parts = text.Split(',');
        int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n <= 25_000 ? n : -1)];
        return numbers.Contains(-1) ? null : numbers;
    }

    private static void Say(string sentence) => Console.Error.WriteLine(sentence);

    private static int Misused(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 2;
    }
}
