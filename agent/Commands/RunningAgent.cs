using InstantNet.Agent.Activation;
using InstantNet.Agent.AzureIotHub;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Delivery;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Link;
using InstantNet.Agent.Reconcile;
using InstantNet.Agent.Remote;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Status;
using InstantNet.Agent.Supervision;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Commands;

/// <summary>The whole agent of one device, composed: it serves first, then connects, and stops in the opposite order.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);

    private readonly AgentConfig _config;
    private readonly AgentDisk _disk;
    private readonly DataPlane _plane;
    private readonly AgentSession _session;
    private readonly IMessageLink _link;
    private readonly Reporting _reporting;
    private readonly ReleaseParts _releases;
    private readonly DesiredDocument _desired;
    private readonly ReportedTwinPublisher _reported;
    private readonly TelemetryPump _pump;

    /// <param name="config">Checked configuration.</param>
    /// <param name="disk">Its folder, locked by the caller.</param>
    /// <param name="plane">Started data plane; stopped and disposed by this.</param>
    /// <param name="loggers">Diagnostics.</param>
    /// <param name="time">Clock.</param>
    public RunningAgent(AgentConfig config, AgentDisk disk, DataPlane plane, ILoggerFactory loggers, TimeProvider time)
    {
        (_config, _disk, _plane) = (config, disk, plane);
        Topics topics = new(config.TenantId);
        string Up(UpKind kind) => topics.Up(config.DeviceId, kind);
        Presences presences = new(config, disk.Counters, plane.Server, Capabilities, time);
        IControllerSurface surface = config.Broker is null
            ? new HubSurface(config, disk.Counters, presences, Services(loggers, time))
            : new BrokerSurface(config, disk.Counters, presences);
        _session = new AgentSession(surface, presences, config.Seed, loggers.CreateLogger<AgentSession>(), time);
        IMessageLink link = _link = new HeardLink(plane.Budget is { } budget ? new ChargedLink(_session.Link, budget) : _session.Link);
        _reporting = new Reporting(loggers, new AlarmPublisher(link, Up(UpKind.Alarm), new AlarmFile(disk.Folder), loggers.CreateLogger<AlarmPublisher>(), time), time);
        _releases = new ReleaseParts(disk, config, link, plane.Server, _reporting);
        _desired = new DesiredDocument(
            disk.Folder, plane.Server, ms => plane.SetTelemetryWindow(TimeSpan.FromMilliseconds(ms)), loggers.CreateLogger<DesiredDocument>());
        _reported = new ReportedTwinPublisher(link, Up(UpKind.ReportedTwin), _desired, plane.Server, time);
        _pump = new TelemetryPump(link, Up(UpKind.Telemetry), plane.Spool, loggers.CreateLogger<TelemetryPump>(), time, plane.Budget)
        {
            MostBytes = _session.MostBatchBytes,
        };
    }

    /// <summary>Runs until it is told to stop, or until a part ends with a bug, which is thrown.</summary>
    /// <param name="manager">Told how the agent is.</param>
    /// <param name="stop">Begins the orderly stop.</param>
    /// <exception cref="EndpointInUseException">The port of the local endpoint is taken.</exception>
    public async Task RunAsync(ServiceManager manager, CancellationToken stop)
    {
        RaiseWhatWasFound();
        _plane.DiskChanged += OnDiskChanged;
        _desired.Restore();
        await _releases.RestoreAsync(stop);
        _reporting.Alarms.Settle();
        LocalSurface surface = Surface();
        Topics topics = new(_config.TenantId);
        CommandDesk desk = new(surface, ReportNow);
        CommandListener commands = new(
            _link, new CommandAddresses(topics, _config.DeviceId), desk,
            _reporting.Loggers.CreateLogger<CommandListener>(), _reporting.Time);
        Downlink downlink = new(
            topics, _config.DeviceId, new DownlinkTargets(_releases.Executions, _desired, commands), _reporting.Loggers.CreateLogger<Downlink>());
        await using LocalEndpoint endpoint = await LocalEndpoint.StartAsync(_config.Status.Port, _disk.Folder, surface, _reporting.Loggers);

        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using CancellationTokenSource sending = new();
        List<Task> parts =
        [
            _releases.Executions.RunAsync(work.Token), _releases.Statuses.RunAsync(sending.Token), _reporting.Alarms.RunAsync(sending.Token),
            _reported.RunAsync(sending.Token), _pump.RunAsync(sending.Token), commands.RunAsync(work.Token),
        ];
        await _session.StartAsync(downlink, desk);
        parts.Add(_session.RunAsync(sending.Token));
        manager.Ready(_plane.Server.Serving is { } serving ? $"Serves {serving.Release} revision {serving.Revision}." : "Waits for its first release.");
        Task calm = CalmAsync(work.Token);
        Task watched = manager.WatchAsync(_plane.CameBy, _reporting.Time, sending.Token);
        Task ended = await Task.WhenAny(parts.Append(Task.Delay(Timeout.Infinite, stop)));
        manager.Stopping();
        await work.CancelAsync();
        if (ended.IsFaulted)
            await ended;
        await parts[0];
        await LeaveAsync();
        await sending.CancelAsync();
        await Task.WhenAll([.. parts, watched, calm]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _releases.DisposeAsync();
        await _session.DisposeAsync();
        await _plane.DisposeAsync();
    }

    private HubServices Services(ILoggerFactory loggers, TimeProvider time)
    {
        BlobShelf shelf = new(_disk.Folder);
        BlobSites sites = new(_config.Delivery, new Random(_config.Seed), loggers.CreateLogger<BlobSites>(), time);
        BlobDelivery delivery = new(shelf, broker: null, sites, loggers.CreateLogger<BlobDelivery>());
        return new HubServices(new ManifestFetcher(delivery, shelf), loggers, time);
    }

    /// <summary>Last frame, last window on disk, as much telemetry out as a bounded time allows, goodbye.</summary>
    private async Task LeaveAsync()
    {
        await _plane.StopAsync();
        _disk.Counters.Calm();
        if (_session.Link.Status.IsConnected)
        {
            using CancellationTokenSource drain = new(DrainTime, _reporting.Time);
            await _pump.DrainAsync(drain.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        using CancellationTokenSource goodbye = new(GoodbyeTime, _reporting.Time);
        await _session.StopAsync(goodbye.Token);
    }

    private void RaiseWhatWasFound()
    {
        if (_disk.Counters.WereLost)
            _reporting.Alarms.Raise(AlarmKeys.CountersLost, "The file of counters was damaged; older releases are no longer refused until one is committed.");
        if (_plane.Spool.Fault is { } fault)
            _reporting.Alarms.Raise(AlarmKeys.SpoolDamaged, fault);
        if (_disk.Counters.Fault is { } refused)
            _reporting.Alarms.Raise(AlarmKeys.Disk, refused);
    }

    /// <summary>Telemetry is written most often, so it finds out first that a disk is full, and that it is not any more.</summary>
    private void OnDiskChanged(string? fault)
    {
        if (fault is not null)
        {
            _reporting.Alarms.Raise(AlarmKeys.TelemetryLost, fault);
            return;
        }

        _reporting.Alarms.Clear(AlarmKeys.TelemetryLost);
        RetryCounters();
    }

    private void RetryCounters()
    {
        bool wereUnsaved = _disk.Counters.Fault is not null;
        _disk.Counters.Retry();
        if (wereUnsaved && _disk.Counters.Fault is null)
            _reporting.Alarms.Clear(AlarmKeys.Disk);
    }

    private async Task CalmAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(ReleaseAtStart.CalmAfter, _reporting.Time, cancellationToken);
        RetryCounters();
        _disk.Counters.Calm();
    }

    private long ReportNow()
    {
        _plane.CloseTelemetryWindow();
        _reported.Touch();
        return _plane.Spool.Counters.PendingBatches;
    }

    private IReadOnlyList<string> Capabilities()
    {
        string battery = "battery:" + _config.Battery.Source;
        return _plane.Status().Energy?.Source switch
        {
            MeterSource.Measured => [battery, "meter:measured"],
            MeterSource.Modelled => [battery, "meter:modelled"],
            MeterSource.Estimated => [battery, "meter:estimated"],
            _ => [battery],
        };
    }

    private LocalSurface Surface() => new(
        Status, Policy, _plane.Sensors, new ActivationHold(_disk.Folder, _reporting.Time), new FrameService(_plane.Server.Frames, _plane.Server.ClassifyAsync));

    private PolicyStatus Policy()
    {
        ServingReport? serving = _plane.Server.Serving;
        return new PolicyStatus(
            _desired.AppliedVersion, _plane.Server.Policy, serving?.Precision, serving?.Offered ?? [], _desired.Answer.Faults);
    }

    private AgentStatus Status()
    {
        const double BytesPerMebibyte = 1024 * 1024;
        DataPlaneStatus plane = _plane.Status();
        Contracts.Mqtt.LinkStatus link = _session.Link.Status;
        return new AgentStatus(
            _config.DeviceId, _config.DeviceClassId, link.IsConnected, link.Sentence, _disk.Counters.Epoch, _disk.Counters.Boot,
            ExecutionStatus.Of(_releases.Executions.Status), plane.Serving, _releases.LastGood.Id, plane.Battery,
            new FrameCounts(plane.FramesDone, plane.FramesDropped), plane.Switches, plane.Spool, plane.DecisionNs, plane.SwitchNs,
            plane.Energy, plane.LatencySource, Environment.WorkingSet / BytesPerMebibyte);
    }
}
