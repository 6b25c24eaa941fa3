using System.Collections.Concurrent;
using InstantNet.Agent.Activation;
using InstantNet.Agent.Delivery;
using InstantNet.Agent.Durable;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Releases;
using InstantNet.Tests.Unit.Agent.Delivery;
using InstantNet.Tests.Unit.Agent.Link;
using Microsoft.Extensions.Logging.Abstractions;

namespace InstantNet.Tests.Unit.Agent.Activation;

/// <summary>One start of the agent's control plane on a data folder; making another one on the same folder is a restart.</summary>
internal sealed class AgentRig : IExecutionReports, IAlarms, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<JobStatus> _told = [];
    private readonly List<(Func<JobStatus, bool> Condition, TaskCompletionSource<JobStatus> Met)> _awaited = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ReleaseExecution _work;
    private readonly ReleaseAtStart _start;
    private Task _running = Task.CompletedTask;

    public AgentRig(AgentFolder folder, FakeLink link, ManualTime time, AgentFolder? factory = null)
    {
        File = new ExecutionFile(folder);
        Manifests = new ManifestShelf(folder);
        Counters = DeviceCounters.Open(folder, time);
        Blobs = new BlobShelf(folder);
        ReleaseGate gate = new(SomeRelease.Keys, SomeRelease.DeviceClass, Counters, time);
        ChunkFetcher chunks = new(link, SomeRelease.Topics, new DeliverySettings(), NullLogger<ChunkFetcher>.Instance, time);
        BlobSites sites = new(new DeliverySettings(), new FixedRandom(0), NullLogger<BlobSites>.Instance, time);
        BlobDelivery delivery = new(Blobs, chunks, sites, NullLogger<BlobDelivery>.Instance);
        LastGood = new LastGoodRelease(Manifests, Blobs, gate, Server, this);
        _start = new ReleaseAtStart(LastGood, factory is null ? null : new FactoryRelease(factory, gate, Server), Counters, this);
        ReleaseStaging staging = new(Manifests, gate, delivery, Blobs);
        ReleaseActivation activation = new(Server, LastGood, Blobs, new ActivationHold(folder, time));
        _work = new ReleaseExecution(Manifests, staging, activation, LastGood, new UnneededBlobs(Manifests, gate, Blobs, this));
        Loop = new ExecutionLoop(File, _work, this, NullLogger<ExecutionLoop>.Instance, time);
    }

    public FakeServer Server { get; } = new();

    public ExecutionFile File { get; }

    public ManifestShelf Manifests { get; }

    public DeviceCounters Counters { get; }

    public BlobShelf Blobs { get; }

    public LastGoodRelease LastGood { get; }

    public ExecutionLoop Loop { get; }

    public ConcurrentDictionary<string, string> Alarms { get; } = new();

    public IReadOnlyList<JobStatus> Told
    {
        get
        {
            lock (_lock)
                return _told.ToList();
        }
    }

    /// <summary>States told, each once, in order.</summary>
    public IEnumerable<ExecutionState> States => Told.Select(s => s.State).Aggregate(
        new List<ExecutionState>(), (states, s) => states.Count > 0 && states[^1] == s ? states : [.. states, s]);

    /// <summary>Starts like the agent does: finish what a crash interrupted, restore the last good release, go on with the execution.</summary>
    public async Task<AgentRig> StartAsync()
    {
        _work.FinishCommit(File.TryRead());
        await _start.ServeAsync(_stop.Token);
        _running = Task.Run(() => Loop.RunAsync(_stop.Token));
        return this;
    }

    public Task<JobStatus> ToldAsync(ExecutionState state) => ToldAsync(s => s.State == state);

    public Task<JobStatus> ToldAsync(Func<JobStatus, bool> condition)
    {
        lock (_lock)
        {
            if (_told.FirstOrDefault(condition) is { } told)
                return Task.FromResult(told);
            TaskCompletionSource<JobStatus> met = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((condition, met));
            return met.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public async Task<JobStatus> InstallAsync(SomeRelease release, string job = "job-1", int attempt = 1)
    {
        Loop.Offer(release.Offer(job, attempt));
        return await ToldAsync(s => s.Job.Value == job && s.Attempt == attempt && s.State.IsFinal());
    }

    public void Post(JobStatus status)
    {
        lock (_lock)
        {
            _told.Add(status);
            foreach ((_, TaskCompletionSource<JobStatus> met) in _awaited.Where(a => a.Condition(status)).ToList())
                met.TrySetResult(status);
        }
    }

    /// <summary>What the disk refused last; null once it took something. Null to begin with.</summary>
    public string? DiskFault { get; private set; }

    /// <summary>Completes when the disk refused something.</summary>
    public TaskCompletionSource DiskFailed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Disk(string? fault)
    {
        DiskFault = fault;
        if (fault is not null)
            DiskFailed.TrySetResult();
    }

    public void Raise(string key, string text) => Alarms[key] = text;

    public void Clear(string key) => Alarms.TryRemove(key, out _);

    /// <summary>An orderly stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Assert.Null(DiskFault);
        Loop.Dispose();
        _stop.Dispose();
    }
}
