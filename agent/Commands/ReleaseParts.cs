using InstantNet.Agent.Activation;
using InstantNet.Agent.Configuration;
using InstantNet.Agent.Delivery;
using InstantNet.Agent.Durable;
using InstantNet.Agent.Inference;
using InstantNet.Agent.Link;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;
using InstantNet.Contracts.Releases;

namespace InstantNet.Agent.Commands;

/// <summary>Everything that brings releases into service, composed.</summary>
internal sealed class ReleaseParts : IAsyncDisposable
{
    private readonly ReleaseActivation _activation;
    private readonly ReleaseExecution _work;
    private readonly ExecutionFile _file;
    private readonly ReleaseAtStart _start;

    /// <param name="disk">Folder and counters.</param>
    /// <param name="config">Of the device.</param>
    /// <param name="link">To the broker.</param>
    /// <param name="server">Serves releases.</param>
    /// <param name="reporting">Logs, alarms, clock.</param>
    public ReleaseParts(AgentDisk disk, AgentConfig config, IMessageLink link, IModelServer server, Reporting reporting)
    {
        Topics topics = new(config.TenantId);
        TimeProvider time = reporting.Time;
        ManifestShelf manifests = new(disk.Folder);
        BlobShelf blobs = new(disk.Folder);
        ReleaseGate gate = new(new ReleaseKeys(config.TrustedKeys), config.DeviceClassId, disk.Counters, time);
        ChunkFetcher? chunks = config.Broker is null ? null : new(link, topics, config.Delivery, reporting.Loggers.CreateLogger<ChunkFetcher>(), time);
        BlobSites sites = new(config.Delivery, new Random(config.Seed), reporting.Loggers.CreateLogger<BlobSites>(), time);
        BlobDelivery delivery = new(blobs, chunks, sites, reporting.Loggers.CreateLogger<BlobDelivery>());
        LastGood = new LastGoodRelease(manifests, blobs, gate, server, reporting.Alarms);
        FactoryRelease? factory = config.Factory is { } path ? new FactoryRelease(new AgentFolder(path), gate, server) : null;
        _start = new ReleaseAtStart(LastGood, factory, disk.Counters, reporting.Alarms);
        _activation = new ReleaseActivation(server, LastGood, blobs, new ActivationHold(disk.Folder, time));
        _work = new ReleaseExecution(
            manifests, new ReleaseStaging(manifests, gate, delivery, blobs), _activation, LastGood, new UnneededBlobs(manifests, gate, blobs, reporting.Alarms));
        _file = new ExecutionFile(disk.Folder);
        Statuses = new JobStatusPublisher(link, topics.Up(config.DeviceId, UpKind.JobStatus), reporting.Alarms, time);
        Executions = new ExecutionLoop(_file, _work, Statuses, reporting.Loggers.CreateLogger<ExecutionLoop>(), time);
    }

    /// <summary>What the device falls back to.</summary>
    public LastGoodRelease LastGood { get; }

    /// <summary>The execution of jobs.</summary>
    public ExecutionLoop Executions { get; }

    /// <summary>Tells the controller of them.</summary>
    public JobStatusPublisher Statuses { get; }

    /// <summary>Finishes a commit that a crash interrupted and brings the last good release into service, or the one from the factory, without any network.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        _work.FinishCommit(_file.TryRead());
        await _start.ServeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _activation.DisposeAsync();
        Executions.Dispose();
        Statuses.Dispose();
    }
}

/// <summary>The durable side of an agent.</summary>
/// <param name="Folder">Where its files lie.</param>
/// <param name="Counters">Its counters.</param>
internal sealed record AgentDisk(AgentFolder Folder, DeviceCounters Counters);

/// <summary>Whom parts tell, and the time.</summary>
/// <param name="Loggers">Diagnostics.</param>
/// <param name="Alarms">To the controller.</param>
/// <param name="Time">Clock.</param>
internal sealed record Reporting(ILoggerFactory Loggers, AlarmPublisher Alarms, TimeProvider Time);
