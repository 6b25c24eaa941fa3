using System.Globalization;
using System.Text.Json;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;
using InstantNet.Agent.Status;
using InstantNet.Agent.Telemetry;

namespace InstantNet.Agent.Commands;

/// <summary><c>bench-swap</c>: measures frames and memory while the committed release takes over from itself.</summary>
internal static class BenchSwapCommand
{
    private const long SpoolBytes = 1 << 20;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>Measures and prints.</summary>
    public static async Task<int> RunAsync(AgentConfig config, int count, StatusFormat format, CancellationToken cancellationToken)
    {
        (CommittedRelease? committed, string? lack) = await CommittedRelease.ReadAsync(config, cancellationToken);
        if (committed is null)
            return Complaint.Say(lack!);
        DirectoryInfo spool = Directory.CreateTempSubdirectory("instantnet-bench-swap-");
        try
        {
            DataPlaneOptions options = new(
                config.DeviceClassId, config.Frames.PerSecond, Window, new SpoolOptions(spool.FullName, SpoolBytes),
                DevicePower.Meters(config.Sensors, new NoBattery(), TimeProvider.System), new OptimizedModels(new AgentFolder(config.AgentData!).Optimized));
            Print(
                await SwapBenchmark.RunAsync(
                    options, ImageFileFrames.Open(config.Frames.Path!), committed.Release, committed.PathOf, count, cancellationToken),
                format);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is ReleaseUnusableException or InvalidDataException)
        {
            return Complaint.Say(e.Message);
        }
        finally
        {
            spool.Delete(recursive: true);
        }
    }

    private static void Print(SwapBenchmarkResult result, StatusFormat format) => Console.WriteLine(format == StatusFormat.Json
        ? JsonSerializer.Serialize(result, StatusJson.Default.SwapBenchmarkResult)
        : string.Create(CultureInfo.InvariantCulture, $"""
            {result.Swaps} swaps under {result.Frames} frames, {result.Dropped} dropped
            frame p99 {result.Steady.PassedMs:0.00} ms ({result.Steady.ComputedMs:0.00} computing), while releases take over {result.Swapping.PassedMs:0.00} ms ({result.Swapping.ComputedMs:0.00} computing)
            resident after each fifth: {string.Join(", ", result.ResidentMb.Select(m => m.ToString("0.0", CultureInfo.InvariantCulture)))} MiB
            """));
}
