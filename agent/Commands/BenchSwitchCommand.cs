using System.Globalization;
using System.Text.Json;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;
using InstantNet.Agent.Status;

namespace InstantNet.Agent.Commands;

/// <summary><c>bench-switch</c>: measures choosing and switching precision on the committed release.</summary>
internal static class BenchSwitchCommand
{
    /// <summary>Measures and prints.</summary>
    public static async Task<int> RunAsync(AgentConfig config, int count, StatusFormat format, CancellationToken cancellationToken)
    {
        (CommittedRelease? committed, string? lack) = await CommittedRelease.ReadAsync(config, cancellationToken);
        if (committed is null)
            return Complaint.Say(lack!);
        try
        {
            FrameShape shape = ImageFileFrames.Open(config.Frames.Path!).Shape;
            using EnergyMeters meters = new(config.DeviceClassId, DevicePower.Meters(config.Sensors, new NoBattery(), TimeProvider.System));
            using ReleaseLoader loader = new(shape, meters, new OptimizedModels(new AgentFolder(config.AgentData!).Optimized), new FreeMemory(FreeMemory.ThisMachine));
            Print(SwitchBenchmark.Run(loader, committed.Release, committed.PathOf, count), format);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is ReleaseUnusableException or InvalidDataException)
        {
            return Complaint.Say(e.Message);
        }
    }

    private static void Print(SwitchBenchmarkResult result, StatusFormat format) => Console.WriteLine(format == StatusFormat.Json
        ? JsonSerializer.Serialize(result, StatusJson.Default.SwitchBenchmarkResult)
        : string.Create(CultureInfo.InvariantCulture, $"""
            {result.Decisions} decisions, {result.Switches} switches, {result.AllocatedBytes} bytes allocated
            decision p50 {result.DecisionNs.P50:0} ns, p99 {result.DecisionNs.P99:0} ns
            switch   p50 {result.SwitchNs.P50:0} ns, p99 {result.SwitchNs.P99:0} ns
            horizon  p50 {result.Horizon.DecisionNs.P50:0} ns, p99 {result.Horizon.DecisionNs.P99:0} ns, {result.Horizon.AllocatedBytes} bytes allocated
            """));
}
