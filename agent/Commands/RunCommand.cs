using System.Runtime.InteropServices;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Simulation;
using InstantNet.Agent.Status;
using InstantNet.Agent.Supervision;
using InstantNet.Agent.Telemetry;
using Microsoft.ML.OnnxRuntime;

namespace InstantNet.Agent.Commands;

/// <summary><c>run</c>: the agent itself, until SIGTERM or Ctrl-C.</summary>
internal static partial class RunCommand
{
    /// <summary>Runs the agent.</summary>
    /// <returns>0 after an orderly stop.</returns>
    public static async Task<int> RunAsync(AgentConfig config)
    {
        using ILoggerFactory loggers = AgentLogging.Create(config);
        ILogger log = loggers.CreateLogger("InstantNet.Agent");
        if (config.Unknown.Count > 0)
            LogUnknown(log, string.Join(", ", config.Unknown.Keys));
        try
        {
            AgentFolder folder = new(config.AgentData!);
            folder.Create();
            using FolderLock? held = FolderLock.TryTake(folder);
            if (held is null)
                return Complaint.Say($"Another agent runs on {folder.Root}.");
            CheckNativeLibrary();
            await ServeAsync(config, folder, loggers, log);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is EndpointInUseException or NativeLibraryMissingException or InvalidDataException
            or IOException or UnauthorizedAccessException or SecretFileException)
        {
            return Complaint.Say(e.Message);
        }
    }

    private static async Task ServeAsync(AgentConfig config, AgentFolder folder, ILoggerFactory loggers, ILogger log)
    {
        TimeProvider time = TimeProvider.System;
        using CancellationTokenSource stop = new();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            LogStopping(log, context.Signal);
            stop.Cancel();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);

        using ServiceManager manager = ServiceManager.FromEnvironment();
        ImageFileFrames frames = ImageFileFrames.Open(config.Frames.Path!);
        IBattery battery = DevicePower.Open(config.Battery, new SysfsRoot(config.Sensors.Root), time);
        using IDisposable? gauge = battery as IDisposable;
        DataPlaneOptions options = new(
            config.DeviceClassId, config.Frames.PerSecond, TimeSpan.FromMilliseconds(config.Telemetry.WindowMs),
            new SpoolOptions(folder.Spool, config.Telemetry.MaxSpoolBytes, TimeSpan.FromHours(config.Telemetry.MaxAgeHours)),
            DevicePower.Meters(config.Sensors, battery, time), new OptimizedModels(folder.Optimized),
            config.Telemetry.Budget is { } budget ? new ByteBudget(new TelemetryDuty(budget.BytesPerMonth), time) : null);
        AgentDisk disk = new(folder, DeviceCounters.Open(folder, time));
        LogStarting(log, config.Device!, Activation.AgentVersion.Current, disk.Counters.Boot);
        await using RunningAgent agent = new(config, disk, DataPlane.Start(options, frames, battery, time, loggers), loggers, time);
        try
        {
            await agent.RunAsync(manager, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while the last good release was still being loaded.
        }

        LogStopped(log);
    }

    /// <summary>Says at the start, in one sentence, what would otherwise break the first release.</summary>
    private static void CheckNativeLibrary()
    {
        try
        {
            _ = OrtEnv.Instance();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new NativeLibraryMissingException(e);
        }
    }

    private sealed class NativeLibraryMissingException(Exception cause) : Exception(
        "The native library of ONNX Runtime is missing or does not fit this machine; run deploy/setup.sh or install the package again.", cause);

    [LoggerMessage(1500, LogLevel.Information, "Agent of {Device}, version {Version}, start {Boot}")]
    private static partial void LogStarting(ILogger log, string device, Version version, int boot);

    [LoggerMessage(1501, LogLevel.Information, "{Signal}: stopping")]
    private static partial void LogStopping(ILogger log, PosixSignal signal);

    [LoggerMessage(1502, LogLevel.Information, "Stopped")]
    private static partial void LogStopped(ILogger log);

    [LoggerMessage(1503, LogLevel.Warning, "The configuration has members that this agent does not know: {Members}")]
    private static partial void LogUnknown(ILogger log, string members);
}
