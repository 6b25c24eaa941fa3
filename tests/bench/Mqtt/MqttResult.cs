using System.Text.Json.Serialization;

namespace InstantNet.Bench.Mqtt;

/// <summary>What <c>bench mqtt</c> measured.</summary>
/// <param name="V">Version of this form, 1.</param>
/// <param name="Machine">Where.</param>
/// <param name="Broker">Name and version.</param>
/// <param name="Rates">One connection.</param>
/// <param name="RoundTrips">A lone message on one connection.</param>
/// <param name="Fleets">Many connections in this process.</param>
internal sealed record MqttResult(
    int V, Machine Machine, string Broker, IReadOnlyList<ClientRate> Rates, IReadOnlyList<RoundTrip> RoundTrips, IReadOnlyList<FleetResult> Fleets);

/// <summary>One client library at one kind of work: medians over the rounds.</summary>
/// <param name="Client">The library.</param>
/// <param name="Work">publish or receive.</param>
/// <param name="Qos">0 or 1.</param>
/// <param name="Messages">Of one round.</param>
/// <param name="PerSecond">Messages a second, broker included.</param>
/// <param name="Slowest">Of the rounds.</param>
/// <param name="Fastest">Of the rounds.</param>
/// <param name="CpuMicroseconds">Processor time of the client's process a message.</param>
/// <param name="Bytes">Managed bytes allocated a message; the libraries in C allocate elsewhere.</param>
internal sealed record ClientRate(
    string Client, string Work, int Qos, int Messages, double PerSecond, double Slowest, double Fastest, double CpuMicroseconds, double Bytes);

/// <summary>How long a message takes to the broker and back to the same client when it is alone.</summary>
/// <param name="Client">The library.</param>
/// <param name="Trips">One after the other.</param>
/// <param name="MedianMicroseconds">Of all trips.</param>
/// <param name="P99Microseconds">99 of 100 trips take no longer.</param>
/// <param name="LongestMicroseconds">Of all trips.</param>
internal sealed record RoundTrip(string Client, int Trips, double MedianMicroseconds, double P99Microseconds, double LongestMicroseconds)
{
    /// <param name="client">The library.</param>
    /// <param name="microseconds">Of each trip; at least one.</param>
    public static RoundTrip Of(string client, IReadOnlyCollection<double> microseconds)
    {
        double[] ordered = [.. microseconds.Order()];
        return new RoundTrip(client, ordered.Length, ordered[ordered.Length / 2], ordered[(int)Math.Ceiling(0.99 * ordered.Length) - 1], ordered[^1]);
    }
}

/// <summary>Many self-healing links in one process.</summary>
/// <param name="Client">The library.</param>
/// <param name="Connections">Links.</param>
/// <param name="ConnectSeconds">Until all had connected, a hundred attempts at a time.</param>
/// <param name="ResidentBytes">Memory of this process a connection, beyond what it held before.</param>
/// <param name="BrokerBytes">The same of the broker.</param>
/// <param name="PublishSeconds">Until every link has a message at QoS 1 acknowledged, all sent at once.</param>
/// <param name="ReturnSeconds">From the broker's start until all links are back.</param>
/// <param name="HalfReturnSeconds">Until half of them are.</param>
/// <param name="FailedAttempts">Attempts that failed while the broker was away or too busy, by kind.</param>
internal sealed record FleetResult(
    string Client, int Connections, double ConnectSeconds, long ResidentBytes, long BrokerBytes, double PublishSeconds, double ReturnSeconds,
    double HalfReturnSeconds, IReadOnlyDictionary<string, int> FailedAttempts);

/// <summary>JSON of the result.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MqttResult))]
internal sealed partial class MqttJson : JsonSerializerContext;
