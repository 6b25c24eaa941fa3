using System.Globalization;

namespace InstantNet.Bench.Mqtt;

/// <summary>The result for people.</summary>
internal static class MqttReport
{
    public static void Print(MqttResult result, TextWriter writer)
    {
        void Line(FormattableString text) => writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));

        Line($"{result.Machine}; {result.Broker} on loopback; messages of {RateBench.PayloadBytes} bytes, {RateBench.Window} unacknowledged at QoS 1");
        foreach (IGrouping<(string Work, int Qos), ClientRate> group in result.Rates.GroupBy(rate => (rate.Work, rate.Qos)))
        {
            ClientRate product = group.First();
            foreach (ClientRate rate in group)
            {
                Line($"{rate.Work} QoS {rate.Qos}  {rate.Client,-13} {rate.PerSecond,9:N0}/s [{rate.Slowest:N0} to {rate.Fastest:N0}]  {rate.CpuMicroseconds,5:F2} us CPU  {rate.Bytes,6:F1} managed bytes a message");
            }
            foreach (ClientRate rival in group.Skip(1))
                Line($"               product over {rival.Client}: {product.PerSecond / rival.PerSecond:F2} times the messages, {product.CpuMicroseconds / rival.CpuMicroseconds:F2} times the CPU a message");
        }
        foreach (RoundTrip trip in result.RoundTrips)
            Line($"round trip     {trip.Client,-13} median {trip.MedianMicroseconds:F0} us, 99 of 100 within {trip.P99Microseconds:F0} us, longest {trip.LongestMicroseconds:F0} us");
        foreach (FleetResult fleet in result.Fleets)
        {
            Line($"{fleet.Connections,6:N0} links  {fleet.Client}: all connected in {fleet.ConnectSeconds:F2} s, {fleet.ResidentBytes / 1024.0:F1} KiB each here, {fleet.BrokerBytes / 1024.0:F1} KiB at the broker");
            string failed = string.Join(", ", fleet.FailedAttempts.Select(kind => $"{kind.Value} {kind.Key}"));
            Line($"               one message each at QoS 1: all acknowledged in {fleet.PublishSeconds:F2} s");
            Line($"               broker killed and started: half are back after {fleet.HalfReturnSeconds:F1} s, all after {fleet.ReturnSeconds:F1} s; failed attempts: {failed}");
        }
    }
}
