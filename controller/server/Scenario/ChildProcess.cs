using System.Diagnostics;
using System.Globalization;

namespace InstantNet.Controller.Scenario;

/// <summary>A real process that this one started; its output goes to a file. Disposing ends it, politely first.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan PoliteStop = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly Task _pump;

    private ChildProcess(Process process, Task pump, string name, string logPath)
    {
        _process = process;
        _pump = pump;
        Name = name;
        LogPath = logPath;
    }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>Where its output is.</summary>
    public string LogPath { get; }

    /// <summary>True once it ended, for whatever reason.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a program: a native one, or a .NET assembly with the host that runs this process.</summary>
    public static ChildProcess StartProgram(string name, string program, string logPath, params IEnumerable<string> arguments)
    {
        if (!File.Exists(program))
            throw new FileNotFoundException($"{name} is not built: '{program}' does not exist; run ./instantnet setup.", program);
        Process process = Process.Start(CommandOf(program, arguments)) ?? throw new InvalidOperationException($"{name} did not start.");
        FileStream log = new(logPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        return new ChildProcess(process, PumpAsync(process, log), name, logPath);
    }

    /// <summary>Runs a native program or a .NET assembly to its end and gives what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds its last words.</exception>
    public static async Task<string> OutputOfAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(CommandOf(program, arguments)) ?? throw new InvalidOperationException($"'{program}' did not start.");
        Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{Path.GetFileName(program)} {string.Join(' ', arguments)}' ended with code {process.ExitCode}: {(await error).Trim()}");
    }

    /// <summary>kill -9: the process gets no chance to say goodbye.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
        await _pump;
    }

    /// <summary>SIGTERM, then waits; kills what does not end in time.</summary>
    /// <returns>Exit code; 137 when it had to be killed.</returns>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("/bin/kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            using CancellationTokenSource patience = new(PoliteStop);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await _pump;
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    /// <summary>The last lines it printed, for an error message.</summary>
    public string LastWords()
    {
        const int Lines = 5;
        using StreamReader reader = new(new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] all = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(" | ", all.TakeLast(Lines));
    }

    private static ProcessStartInfo CommandOf(string program, IEnumerable<string> arguments)
    {
        bool needsHost = program.EndsWith(".dll", StringComparison.Ordinal);
        return new ProcessStartInfo(needsHost ? Environment.ProcessPath ?? "dotnet" : program, needsHost ? arguments.Prepend(program) : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static async Task PumpAsync(Process process, FileStream log)
    {
        await using (log)
        {
            using SemaphoreSlim turn = new(1);
            await Task.WhenAll(CopyAsync(process.StandardOutput.BaseStream), CopyAsync(process.StandardError.BaseStream));

            async Task CopyAsync(Stream from)
            {
                byte[] buffer = new byte[8192];
                int read;
                while ((read = await from.ReadAsync(buffer)) > 0)
                {
                    await turn.WaitAsync();
                    await log.WriteAsync(buffer.AsMemory(0, read));
                    await log.FlushAsync();
                    turn.Release();
                }
            }
        }
    }
}
