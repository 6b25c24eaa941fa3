using System.Globalization;
using System.Net;
using System.Net.Sockets;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Broker;

/// <summary>Keeps the broker running from the start of the controller to its end.</summary>
internal sealed partial class BrokerSupervisor(
    DataFolder folder, BrokerOptions options, BrokerAccounts accounts, Topics topics, ILogger<BrokerSupervisor> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private volatile MosquittoProcess? _run;
    private Task _supervision = Task.CompletedTask;

    private string ConfigurationFile => Path.Combine(folder.Broker, "mosquitto.conf");

    /// <summary>Makes the broker read the accounts again.</summary>
    public void Reload()
    {
        accounts.WriteFile();
        _run?.Reload();
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WriteFiles();
        MosquittoProcess.EndLeftOver(ConfigurationFile);
        await LoopbackPort.ThrowIfInUseAsync(options.Port, "--broker-port", cancellationToken);
        MosquittoProcess run = MosquittoProcess.Start(ConfigurationFile, log);
        _run = run;
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StartTimeout);
        try
        {
            await run.WaitUntilListeningAsync(options, _time, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StartRefusedException($"The broker did not answer on port {options.Port} within {StartTimeout.TotalSeconds:0} s: {run.LastLine}");
        }

        PrivateFile.Write(folder.BrokerPort, options.Port.ToString(CultureInfo.InvariantCulture) + "\n");
        LogStarted(options.Host, options.Port);
        _supervision = SuperviseAsync(run);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _supervision;
        if (_run is { } run)
            await run.StopAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>A port that nothing uses at this moment.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void WriteFiles()
    {
        PrivateFile.Write(ConfigurationFile, BrokerConfiguration.Text(folder.Broker, options, Environment.IsPrivilegedProcess));
        PrivateFile.Write(Path.Combine(folder.Broker, "acl"), BrokerConfiguration.AccessList(topics, BrokerAccounts.ControllerUsers));
        accounts.WriteFile();
    }

    private async Task SuperviseAsync(MosquittoProcess run)
    {
        ReconnectBackoff backoff = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30), new Random(Environment.ProcessId));
        int failures = 0;
        try
        {
            while (true)
            {
                long started = _time.GetTimestamp();
                await run.WaitForExitAsync(_stopping.Token);
                failures = _time.GetElapsedTime(started) > StableAfter ? 0 : failures + 1;
                TimeSpan delay = backoff.Next(failures);
                LogEnded(run.LastLine, (int)delay.TotalMilliseconds);
                await Task.Delay(delay, _time, _stopping.Token);
                run.Dispose();
                run = MosquittoProcess.Start(ConfigurationFile, log);
                _run = run;
            }
        }
        catch (OperationCanceledException)
        {
            // The controller stops.
        }
        catch (Exception e)
        {
            LogGaveUp(e);
        }
    }

    [LoggerMessage(211, LogLevel.Information, "The broker listens on {Host}:{Port}.")]
    private partial void LogStarted(string host, int port);

    [LoggerMessage(212, LogLevel.Error, "The broker ended ({LastLine}); it is started again in {DelayMs} ms.")]
    private partial void LogEnded(string lastLine, int delayMs);

    [LoggerMessage(213, LogLevel.Critical, "The broker cannot be started again.")]
    private partial void LogGaveUp(Exception cause);
}
