using System.Globalization;
using System.Text.Json;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Status;

namespace InstantNet.Agent.Commands;

/// <summary><c>status</c>: asks the running agent how it is.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Prints the status as lines, or as JSON exactly as the endpoint gives it.</summary>
    public static async Task<int> RunAsync(AgentConfig config, StatusFormat format, CancellationToken cancellationToken)
    {
        AgentFolder folder = new(config.AgentData!);
        if (DurableFile.TryRead(folder.StatusPort) is not { } content
            || !int.TryParse(content, NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            return Complaint.Say($"No agent runs on {folder.Root}.");
        using HttpClient http = new() { Timeout = Patience };
        try
        {
            string json = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/status"), cancellationToken);
            if (format == StatusFormat.Json)
                Console.WriteLine(json);
            else
                Print(JsonSerializer.Deserialize(json, StatusJson.Default.AgentStatus)!);
            return ExitCode.Done;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Complaint.Say($"The agent does not answer on port {port}; it was probably killed.");
        }
    }

    private static void Print(AgentStatus status)
    {
        Line("device", $"{status.Device} ({status.DeviceClass}), start {status.Boot}");
        Line("link", $"{status.Link} Connection {status.Epoch}.");
        if (status.Serving is { } serving)
            Line("serving", $"{serving.Release} revision {serving.Revision} at {serving.Precision.Bits} ({serving.Precision.Reason})");
        else
            Line("serving", "nothing yet");
        if (status.Execution is { } execution)
            Line("job", $"{execution.Job} attempt {execution.Attempt}: {execution.State} {execution.Code} {execution.Detail}".TrimEnd());
        if (status.Battery is { } battery)
            Line("battery", string.Create(CultureInfo.InvariantCulture, $"{battery.Pct:0.0} %{(battery.Charging ? ", charging" : "")}"));
        Line("frames", $"{status.Frames.Done} done, {status.Frames.Dropped} dropped, {status.Switches} switches");
        Line("telemetry", $"{status.Spool.Produced} produced, {status.Spool.Acknowledged} acknowledged, {status.Spool.Dropped} dropped");
        Line("memory", string.Create(CultureInfo.InvariantCulture, $"{status.RssMb:0} MiB"));
    }

    private static void Line(string name, string value) => Console.WriteLine($"{name,-10} {value}");
}

/// <summary>How a verb prints.</summary>
internal enum StatusFormat
{
    /// <summary>For people.</summary>
    Lines,

    /// <summary>For programs.</summary>
    Json,
}
