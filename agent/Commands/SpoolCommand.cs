using System.Text.Json;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Status;
using InstantNet.Agent.Telemetry;

namespace InstantNet.Agent.Commands;

/// <summary><c>spool</c>: reads the telemetry counters from disk, whether an agent runs or not.</summary>
internal static class SpoolCommand
{
    /// <summary>Prints the counters; none yet counts as zero.</summary>
    public static int Run(AgentConfig config, StatusFormat format)
    {
        SpoolCounters counters = SpoolCounters.Read(new AgentFolder(config.AgentData!).Spool) ?? new SpoolCounters(0, 0, 0, 0, 0);
        Console.WriteLine(format == StatusFormat.Json
            ? JsonSerializer.Serialize(counters, StatusJson.Default.SpoolCounters)
            : $"{counters.Produced} produced, {counters.Acknowledged} acknowledged, {counters.Dropped} dropped, {counters.PendingBatches} batches wait");
        return ExitCode.Done;
    }
}
