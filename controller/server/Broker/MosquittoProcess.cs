using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using InstantNet.Controller.Hosting;

namespace InstantNet.Controller.Broker;

/// <summary>One run of mosquitto as a child process.</summary>
internal sealed partial class MosquittoProcess : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(20);
    private readonly Process _process;
    private readonly ILogger _log;
    private volatile string _lastLine = "";

    private MosquittoProcess(Process process, ILogger log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>What it wrote last, for the sentence about its end.</summary>
    public string LastLine => _lastLine;

    /// <summary>Completes when it has ended.</summary>
    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Starts it with a configuration file.</summary>
    /// <exception cref="StartRefusedException">There is no such program.</exception>
    public static MosquittoProcess Start(string configurationFile, ILogger log)
    {
        Process process = new()
        {
            StartInfo = new ProcessStartInfo(Program(), ["-c", configurationFile]) { RedirectStandardError = true, RedirectStandardOutput = true },
        };
        MosquittoProcess run = new(process, log);
        process.ErrorDataReceived += run.OnLine;
        process.OutputDataReceived += run.OnLine;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new StartRefusedException("mosquitto, the message broker, is not installed: install the package 'mosquitto'.", e);
        }

        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        PrivateFile.Write(PidFile(configurationFile), process.Id.ToString(CultureInfo.InvariantCulture));
        return run;
    }

    /// <summary>Waits until it takes connections.</summary>
    /// <exception cref="StartRefusedException">It ended instead.</exception>
    public async Task WaitUntilListeningAsync(BrokerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(cancellationToken);
                throw new StartRefusedException($"The broker ended at once (exit code {_process.ExitCode}): {_lastLine}");
            }

            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(options.Host, options.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(ProbeInterval, time, cancellationToken);
            }
        }
    }

    /// <summary>Makes it read its password file and access list again.</summary>
    public void Reload()
    {
        if (!_process.HasExited)
            _ = NativeSignals.Send(_process.Id, NativeSignals.Hangup);
    }

    /// <summary>Lets it save what it keeps and end; kills it when it does not.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
            _ = NativeSignals.Send(_process.Id, NativeSignals.Terminate);
        using CancellationTokenSource timeout = new(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    // Debian keeps it in /usr/sbin, which is not on everybody's path.
    private static string Program() => File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";

    private static string PidFile(string configurationFile) => configurationFile + ".pid";

    /// <summary>Ends the run that an earlier, killed controller left behind.</summary>
    /// <param name="configurationFile">What that run was started with.</param>
    public static void EndLeftOver(string configurationFile)
    {
        string pidFile = PidFile(configurationFile);
        if (!File.Exists(pidFile) || !int.TryParse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture, out int id))
            return;
        string commandLine = $"/proc/{id}/cmdline";
        // The number may belong to another process by now: only a broker with this very configuration is ours.
        if (!File.Exists(commandLine) || !File.ReadAllText(commandLine).Split('\0').Contains(configurationFile))
            return;
        try
        {
            using Process leftOver = Process.GetProcessById(id);
            _ = NativeSignals.Send(id, NativeSignals.Terminate);
            if (!leftOver.WaitForExit(StopTimeout))
                leftOver.Kill();
        }
        catch (ArgumentException)
        {
            // It ended in between.
        }
    }

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (string.IsNullOrWhiteSpace(line.Data))
            return;
        _lastLine = line.Data;
        // Its warnings are about patterns without %u and about running as root, both on purpose.
        if (line.Data.Contains("Error", StringComparison.Ordinal))
            LogProblem(_log, line.Data);
        else
            LogLine(_log, line.Data);
    }

    [LoggerMessage(201, LogLevel.Debug, "broker: {Line}")]
    private static partial void LogLine(ILogger log, string line);

    [LoggerMessage(202, LogLevel.Warning, "broker: {Line}")]
    private static partial void LogProblem(ILogger log, string line);
}
