using System.Text.Json;
using System.Text.Json.Nodes;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.System.Durability;
using InstantNet.Tests.Unit.Agent.Delivery;

namespace InstantNet.Tests.System.AzureIotHub;

/// <summary>The real agent as a device of the stand-in, and what reached the cloud from it.</summary>
internal sealed class HubAgent : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HubStandIn _hub;
    private readonly List<HubEvent> _heard = [];

    /// <param name="hub">Where it is registered.</param>
    /// <param name="device">As whom.</param>
    /// <param name="proof">The members of section <c>iotHub</c> that prove it.</param>
    /// <param name="more">Changes the configuration besides.</param>
    public HubAgent(HubStandIn hub, StandInDevice device, JsonObject proof, Action<JsonNode>? more = null)
    {
        (_hub, Device) = (hub, device);
        Process = new DeviceProcess(device.Id, brokerPort: 1, settings =>
        {
            ((JsonObject)settings).Remove("broker");
            proof["caFile"] = hub.AuthorityFile;
            proof["maxReconnectSeconds"] = 1;
            settings["iotHub"] = proof;
            more?.Invoke(settings);
        });
    }

    public StandInDevice Device { get; }

    public DeviceProcess Process { get; }

    /// <summary>A file with a secret, as the agent demands it.</summary>
    public static string Secret(HubStandIn hub, string name, string content)
    {
        string path = Path.Combine(hub.Folder.FullName, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        return path;
    }

    /// <summary>A job as the twin carries it.</summary>
    public static JsonNode Job(string job, DeviceRelease release, BlobWebServer server)
    {
        TwinJob offer = new(
            TwinJob.MessageVersion, WireId.Parse(job), 1, TimeProvider.System.GetUtcNow().AddDays(1), BlobHash.Of(release.Envelope.Manifest),
            release.Envelope.Signature, release.Envelope.KeyId, server.Address + "/blobs/{sha256}?sig=secret");
        return JsonSerializer.SerializeToNode(offer, WireJson.Default.TwinJob)!;
    }

    /// <summary>The blobs of a release and its manifest, by address.</summary>
    public static Dictionary<string, byte[]> Content(DeviceRelease release) => new(release.Blobs)
    {
        [BlobHash.Of(release.Envelope.Manifest).Sha256] = release.Envelope.Manifest,
    };

    public static JsonNode Twin(long version, int bits) => JsonSerializer.SerializeToNode(
        new DesiredTwin(DesiredTwin.MessageVersion, version, new PrecisionPolicy(PolicyMode.Pin, new Precision(bits)), 100), WireJson.Default.DesiredTwin)!;

    public Task DesireAsync(string name, JsonNode? value, bool isLost = false) =>
        _hub.DesireAsync(Device, new JsonObject { ["instantnet"] = new JsonObject { [name] = value } }, isLost);

    /// <summary>The first message of a kind to the cloud that is as expected, there already or yet to come.</summary>
    public async Task<HubEvent> HearAsync(string kind, Func<HubEvent, bool> isExpected)
    {
        bool Fits(HubEvent e) => e.DeviceId == Device.Id && e.Properties.GetValueOrDefault("kind") == kind && isExpected(e);
        if (_heard.FirstOrDefault(Fits) is { } known)
            return known;
        using CancellationTokenSource patience = new(Limit);
        try
        {
            while (true)
            {
                HubEvent next = await _hub.Events.ReadAsync(patience.Token);
                _heard.Add(next);
                if (Fits(next))
                    return next;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The {kind} was not heard.{Evidence()}");
        }
    }

    /// <summary>From now on only later messages of this kind are heard.</summary>
    public void Forget(string kind)
    {
        while (_hub.Events.TryRead(out HubEvent? waiting))
            _heard.Add(waiting);
        _heard.RemoveAll(e => e.Properties.GetValueOrDefault("kind") == kind);
    }

    public async Task<JobStatus> HearJobAsync(Func<JobStatus, bool> isExpected)
    {
        HubEvent heard = await HearAsync("jobStatus", e => isExpected(Read(e)));
        return Read(heard);

        static JobStatus Read(HubEvent e) => JsonSerializer.Deserialize(e.Payload, WireJson.Default.JobStatus)!;
    }

    /// <summary>Completes when its reported section is as expected.</summary>
    public Task<JsonNode> ReportedAsync(Func<JsonNode, bool> holds) =>
        UntilAsync(() => Task.FromResult(Device.Reported["instantnet"]), holds);

    /// <summary>Completes when its own status is as expected.</summary>
    public Task<JsonNode> StatusAsync(Func<JsonNode, bool> holds) => UntilAsync(
        async () => File.Exists(Path.Combine(Process.Data, "status.port")) ? await Process.StatusAsync() : null, holds);

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private async Task<JsonNode> UntilAsync(Func<Task<JsonNode?>> look, Func<JsonNode, bool> holds)
    {
        using CancellationTokenSource patience = new(Limit);
        JsonNode? seen = null;
        while (!patience.IsCancellationRequested && !Process.HasEnded)
        {
            seen = await look();
            if (seen is not null && holds(seen))
                return seen;
            await Task.Delay(20, CancellationToken.None);
        }

        throw new TimeoutException($"Last seen: {seen?.ToJsonString()}.{Evidence()}");
    }

    private string Evidence() => $"\nThe agent said:\n{Process.LastWords}\nThe hub said:\n{string.Join('\n', _hub.Complaints)}";
}
