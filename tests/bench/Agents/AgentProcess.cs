using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Durable;
using InstantNet.Contracts.Releases;

namespace InstantNet.Bench.Agents;

/// <summary>The agent's own program on a folder with a committed release, and no broker to be reached.</summary>
/// <param name="program">The agent: a native program, or InstantNet.Agent.dll.</param>
/// <param name="folder">Its data.</param>
/// <param name="framesFile">Images to serve.</param>
/// <param name="trustedKey">PEM.</param>
internal sealed class AgentProcess(string program, AgentFolder folder, string framesFile, string trustedKey)
{
    private const int Starts = 5;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(200);

    private string Configuration => Path.Combine(folder.Root, "agent.json");

    /// <summary>Makes a release the one that the agent serves from its start.</summary>
    public void Commit(TrustedRelease release) => new ManifestShelf(folder).Promote(release.Envelope);

    /// <summary>Runs the agent, and looks at it from outside.</summary>
    /// <param name="framesPerSecond">Due each second.</param>
    /// <param name="span">How long it is watched, once it serves.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InvalidOperationException">It did not come to serve; the message holds its last words.</exception>
    public async Task<ProcessFigures> WatchAsync(double framesPerSecond, TimeSpan span, CancellationToken cancellation)
    {
        await WriteConfigurationAsync(framesPerSecond, cancellation);
        File.Delete(folder.StatusPort);
        using Process process = Start("run", "--config", Configuration);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation), error = process.StandardError.ReadToEndAsync(cancellation);
            if (!await ServesAsync(process, cancellation))
            {
                process.Kill();
                throw new InvalidOperationException($"The agent does not serve: {(await error).Trim()} {(await output).Trim()}");
            }

            // Starting is over once nothing of it is left to wait for; the first reconnections are not idling yet.
            await Task.Delay(span / 4, cancellation);
            process.Refresh();
            TimeSpan before = process.TotalProcessorTime;
            long began = Stopwatch.GetTimestamp();
            await Task.Delay(span, cancellation);
            process.Refresh();
            return new ProcessFigures(process.WorkingSet64, (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(began));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>How long it takes to start and say its version; the shortest of some.</summary>
    public async Task<TimeSpan> StartTimeAsync(CancellationToken cancellation)
    {
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int i = 0; i < Starts; i++)
        {
            long began = Stopwatch.GetTimestamp();
            using Process process = Start("--version");
            await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            TimeSpan took = Stopwatch.GetElapsedTime(began);
            shortest = took < shortest ? took : shortest;
        }

        return shortest;
    }

    /// <summary>Lets the agent measure itself, in a process of its own and compiled as it is on devices.</summary>
    /// <param name="verb">One of its verbs that measure the committed release.</param>
    /// <param name="count">How often.</param>
    /// <param name="framesPerSecond">Due each second, where that matters.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What it printed as JSON.</returns>
    public async Task<JsonNode> MeasureAsync(string verb, int count, double framesPerSecond, CancellationToken cancellation)
    {
        await WriteConfigurationAsync(framesPerSecond, cancellation);
        using Process process = Start(verb, "--config", Configuration, "--count", count.ToString(CultureInfo.InvariantCulture), "--json");
        Task<string> error = process.StandardError.ReadToEndAsync(cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0 && JsonNode.Parse(output) is { } result
            ? result
            : throw new InvalidOperationException($"{verb} ended with code {process.ExitCode}: {(await error).Trim()}");
    }

    private Process Start(params string[] arguments)
    {
        bool needsHost = program.EndsWith(".dll", StringComparison.Ordinal);
        ProcessStartInfo start = new(needsHost ? Environment.ProcessPath ?? "dotnet" : program, needsHost ? [program, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("The agent did not start.");
    }

    private async Task<bool> ServesAsync(Process process, CancellationToken cancellation)
    {
        using HttpClient http = new() { Timeout = StartLimit };
        for (long began = Stopwatch.GetTimestamp(); !process.HasExited && Stopwatch.GetElapsedTime(began) < StartLimit; await Task.Delay(Pause, cancellation))
        {
            try
            {
                string port = await File.ReadAllTextAsync(folder.StatusPort, cancellation);
                JsonNode? status = await http.GetFromJsonAsync<JsonNode>(new Uri($"http://127.0.0.1:{port}/status"), cancellation);
                if (status?["serving"] is not null)
                    return true;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
            {
                // Not yet.
            }
        }

        return false;
    }

    private Task WriteConfigurationAsync(double framesPerSecond, CancellationToken cancellation)
    {
        JsonObject configuration = new()
        {
            ["v"] = 1,
            ["device"] = "bench",
            ["deviceClass"] = BenchReleases.DeviceClass.Value,
            ["agentData"] = folder.Root,
            ["trustedKeys"] = new JsonArray(trustedKey),
            ["broker"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = PortOfNobody() },
            ["frames"] = new JsonObject { ["source"] = "file", ["path"] = framesFile, ["perSecond"] = framesPerSecond },
        };
        return File.WriteAllTextAsync(Configuration, configuration.ToJsonString(), cancellation);
    }

    private static int PortOfNobody()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A process as the kernel counts it.</summary>
/// <param name="ResidentBytes">Memory.</param>
/// <param name="CoreShare">Processor time over time that passed; 1 is one whole core.</param>
internal sealed record ProcessFigures(long ResidentBytes, double CoreShare);
