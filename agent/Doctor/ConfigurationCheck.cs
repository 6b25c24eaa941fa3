using System.Net.Sockets;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Simulation;

namespace InstantNet.Agent.Doctor;

/// <summary>Looks at what one configuration needs: folder, space, frames, broker or hub. Changes nothing.</summary>
/// <param name="config">Checked.</param>
internal sealed class ConfigurationCheck(AgentConfig config)
{
    // A release of a small network, twice, beside the full spool.
    private const long RoomForReleases = 64 * 1024 * 1024;
    private const double BytesPerMebibyte = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Everything.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        [Space(), Frames(), config.Broker is { } broker
            ? await ReachAsync("broker", broker.Host!, broker.Port, "the password was not tried", cancellationToken)
            : await HubAsync(config.IotHub!, cancellationToken)];

    private Finding Space()
    {
        const string What = "disk space";
        string folder = config.AgentData!;
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        try
        {
            long free = new DriveInfo(folder).AvailableFreeSpace, needed = config.Telemetry.MaxSpoolBytes + RoomForReleases;
            string detail = FormattableString.Invariant(
                $"{free / BytesPerMebibyte:0} MiB free for {config.AgentData}, {needed / BytesPerMebibyte:0} MiB wanted");
            return new Finding(What, free >= needed, true, detail);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding(What, false, true, $"{folder} cannot be looked at: {e.Message}");
        }
    }

    private Finding Frames()
    {
        try
        {
            return new Finding("frames", true, true, $"{ImageFileFrames.Open(config.Frames.Path!).Shape}, {config.Frames.PerSecond} a second");
        }
        catch (InvalidDataException e)
        {
            return new Finding("frames", false, true, e.Message);
        }
    }

    private async Task<Finding> HubAsync(HubSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            (HubIdentity identity, byte[]? key) = settings.Credentials(config.Device!);
            string untried = $"as '{identity.DeviceId}' by {(key is null ? "certificate" : "key")}, which was not tried";
            return await ReachAsync("Azure IoT Hub", identity.Host, settings.EffectivePort, untried, cancellationToken);
        }
        catch (SecretFileException e)
        {
            return new Finding("Azure IoT Hub", false, true, e.Message);
        }
    }

    // Logging in under the device's name would throw out the agent that runs, so only the way there is tried.
    private static async Task<Finding> ReachAsync(string what, string host, int port, string untried, CancellationToken cancellationToken)
    {
        string where = $"{host}:{port}";
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(host, port, limit.Token);
            return new Finding(what, true, true, $"{where} accepts connections; {untried}");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            string reason = e is SocketException socketFault ? socketFault.Message : $"no answer within {Patience.TotalSeconds:0} s";
            return new Finding(what, false, true, $"{where} is not reached: {reason}");
        }
    }
}
