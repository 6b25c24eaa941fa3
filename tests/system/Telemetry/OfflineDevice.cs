using InstantNet.Agent.Commands;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Link;
using InstantNet.Agent.Reconcile;
using InstantNet.Agent.Remote;
using InstantNet.Agent.Sensors;
using InstantNet.Agent.Telemetry;
using InstantNet.Contracts;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.System.Telemetry;

/// <summary>The agent from its answered frames to its link – window, recorder, spool, pump, session – on a clock that a test moves.</summary>
internal sealed class OfflineDevice : IAsyncDisposable
{
    private static readonly WireId Release = WireId.Parse("first");
    private readonly ManualClock _clock;
    private readonly TimeSpan _length;
    private readonly TelemetryWindow _window;
    private readonly TelemetryRecorder _recorder;
    private readonly TelemetryPump _pump;
    private readonly AgentSession _session;
    private readonly ReleaseParts _releases;
    private readonly Downlink _downlink;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pumping;

    /// <param name="config">As enrolled.</param>
    /// <param name="data">Its data folder.</param>
    /// <param name="clock">Of every part.</param>
    public OfflineDevice(AgentConfig config, string data, ManualClock clock)
    {
        _clock = clock;
        ILoggerFactory loggers = NullLoggerFactory.Instance;
        Topics topics = new(config.TenantId);
        AgentFolder folder = new(data);
        folder.Create();
        AgentDisk disk = new(folder, DeviceCounters.Open(folder, clock));
        NoServer server = new();
        Presences presences = new(config, disk.Counters, server, () => [], clock);
        _session = new AgentSession(
            new BrokerSurface(config, disk.Counters, presences), presences, config.Seed, loggers.CreateLogger<AgentSession>(), clock);
        IMessageLink link = new HeardLink(_session.Link);
        AlarmPublisher alarms = new(
            link, topics.Up(config.DeviceId, UpKind.Alarm), new AlarmFile(folder), loggers.CreateLogger<AlarmPublisher>(), clock);
        _releases = new ReleaseParts(disk, config, link, server, new Reporting(loggers, alarms, clock));
        DesiredDocument desired = new(folder, server, _ => { }, loggers.CreateLogger<DesiredDocument>());
        CommandListener commands = new(
            link, new CommandAddresses(topics, config.DeviceId), new NoCommands(), loggers.CreateLogger<CommandListener>(), clock);
        _downlink = new Downlink(
            topics, config.DeviceId, new DownlinkTargets(_releases.Executions, desired, commands), loggers.CreateLogger<Downlink>());

        Spool = TelemetrySpool.Open(new SpoolOptions(folder.Spool, config.Telemetry.MaxSpoolBytes, TimeSpan.FromHours(config.Telemetry.MaxAgeHours)));
        _pump = new TelemetryPump(
            link, topics.Up(config.DeviceId, UpKind.Telemetry), Spool, loggers.CreateLogger<TelemetryPump>(), clock);
        _pumping = _pump.RunAsync(_stop.Token);
        _window = new TelemetryWindow(clock);
        _length = TimeSpan.FromMilliseconds(config.Telemetry.WindowMs);
        _recorder = new TelemetryRecorder(_window, Spool, new NoBattery(), new WindowPace(_length, clock), loggers.CreateLogger<TelemetryRecorder>());
    }

    public TelemetrySpool Spool { get; }

    /// <summary>Begins to connect, and goes on trying.</summary>
    public Task StartAsync() => _session.StartAsync(_downlink, new NoCommands());

    /// <summary>Serves a frame in each of some windows; each window is on the disk before the next begins. Only without a link.</summary>
    public async Task RecordAsync(int windows)
    {
        for (int i = 0; i < windows; i++)
        {
            Serve();
            long produced = Spool.Counters.Produced;
            _clock.Advance(_length);
            while (Spool.Counters.Produced == produced)
                await Spool.WaitForSamplesAsync(CancellationToken.None);
        }
    }

    /// <summary>Answers a frame.</summary>
    public void Serve() => _window.Add(new ServedFrame(
        Release, new Precision(8), default, 1, 1, 1, true, new FrameSources(MeterSource.Measured, MeterSource.Estimated, 10, "processor"), null));

    /// <summary>Closes the last window, sends what waits, says goodbye.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await _recorder.DisposeAsync();
        await _pump.DrainAsync(cancellationToken);
        await _session.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _recorder.DisposeAsync();
        await _session.DisposeAsync();
        await _stop.CancelAsync();
        await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _releases.DisposeAsync();
        Spool.Dispose();
        _stop.Dispose();
    }

    private sealed class NoCommands : ICommandDesk
    {
        public ValueTask<CommandAnswer> AnswerAsync(string name, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
            ValueTask.FromResult(CommandAnswer.Problem(404, "This device takes no commands."));
    }

    private sealed class NoServer : IModelServer
    {
        public event Action? Changed { add { } remove { } }

        public ServingReport? Serving => null;

        public Task<ICandidateRelease> LoadAsync(TrustedRelease release, Func<BlobRef, string> blobPath, CancellationToken cancellationToken) =>
            throw new ReleaseUnusableException("This device installs nothing.");

        public void Apply(PrecisionPolicy policy) { }
    }
}
