using System.Globalization;
using InstantNet.Contracts.Messages;
using InstantNet.Tests.System.Mqtt;

namespace InstantNet.Tests.System.Durability;

/// <summary>An agent that is killed, and a controller that always has a job for it; after each kill its disk is checked, at each birth what serves.</summary>
internal sealed class KillRun : IAsyncDisposable
{
    private readonly DeviceProcess _agent;
    private readonly DeviceWire _wire;
    private readonly HashSet<string> _cancelled = [];
    private string? _committed;
    private long _revision;
    private int _jobs;

    private KillRun(DeviceProcess agent, DeviceWire wire) => (_agent, _wire) = (agent, wire);

    /// <summary>Starts that came as far as telling what serves.</summary>
    public int Births { get; private set; }

    /// <summary>Rollouts that went through.</summary>
    public int Commits { get; private set; }

    /// <summary>Telemetry batches that came again under their number.</summary>
    public int Repeated => _wire.Repeated;

    private string Hold => Path.Combine(_agent.Data, "activation.hold");

    public static async Task<KillRun> BeginAsync(MosquittoFixture broker, string device) =>
        new(new DeviceProcess(device, broker.Port), await DeviceWire.ConnectAsync(broker, device));

    /// <summary>Starts the agent and gives it work of a kind that passes the target until the fault kills it.</summary>
    /// <returns>The state its execution was in; null before the first.</returns>
    public async Task<ExecutionState?> UntilKilledAsync(Fault fault, ExecutionState? target)
    {
        if (_agent.Execution() is not { } left || left.State.IsFinal())
            await OfferAsync(target);
        _agent.Start(fault);
        Task ended = _agent.Ended;
        while (true)
        {
            Task<bool> said = _wire.Said.WaitToReadAsync().AsTask();
            if (await Task.WhenAny(ended, said) == ended)
                break;
            await said;
            while (_wire.Said.TryRead(out object? message))
                await HearAsync(message, target);
        }

        Assert.True(_agent.WasKilled, _agent.LastWords);
        CheckDisk();
        return _agent.Execution()?.State;
    }

    /// <summary>One start without a fault: what was interrupted ends, and every sample the agent counts has come.</summary>
    public async Task EndAsync()
    {
        _agent.Start();
        string? job = null;
        while (job is null || _agent.Execution() is not { } now || now.Job != job || !now.State.IsFinal())
        {
            object message = await _wire.Said.ReadAsync();
            await HearAsync(message, ExecutionState.Committed);
            if (message is JobStatus status && status.State.IsFinal())
                job ??= $"job-{_jobs.ToString(CultureInfo.InvariantCulture)}";
        }

        Assert.Equal(0, await _agent.StopAsync());
        CheckDisk();
        foreach (IGrouping<long, TelemetryBatch> spool in _wire.Batches.GroupBy(b => b.Epoch))
            Assert.Equal(Enumerable.Range(1, spool.Count()).Select(n => (long)n), spool.Select(b => b.Seq).Order());
        Assert.Single(_wire.Batches.Select(b => b.Epoch).Distinct());
    }

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _wire.DisposeAsync();
    }

    private async Task HearAsync(object message, ExecutionState? target)
    {
        if (message is DeviceState birth)
        {
            Births++;
            Assert.True(birth.Release?.Value == _committed || IsCommitted(birth.Release?.Value), $"{birth.Release} serves, {_committed} was committed.\n{_agent.LastWords}");
        }
        else if (message is JobStatus status)
        {
            if (status.State == ExecutionState.Committed)
                _committed = status.Release!.Value;
            if (status.State == ExecutionState.Deferred)
                File.Delete(Hold);
            if (_cancelled.Contains(status.Job.Value) && status.State == ExecutionState.Downloading)
                await _wire.OfferAsync(null);
            if (status.State.IsFinal() && !_agent.HasEnded && status.Job.Value == $"job-{_jobs.ToString(CultureInfo.InvariantCulture)}")
                await OfferAsync(target);
        }
    }

    private bool IsCommitted(string? release) =>
        _agent.Execution() is { State: ExecutionState.Committed } execution && execution.Release == release;

    /// <summary>A job whose execution passes the state.</summary>
    private async Task OfferAsync(ExecutionState? target)
    {
        DeviceRelease release = new(
            ++_revision, goldenIsWrong: target is ExecutionState.RollingBack or ExecutionState.RolledBack, isForged: target == ExecutionState.Rejected);
        IEnumerable<(string Topic, byte[] Payload)> chunks = release.Chunks(_wire.Topics);
        if (target is ExecutionState.Cancelled or ExecutionState.TimedOut)
            chunks = chunks.SkipLast(1);
        else if (target == ExecutionState.Failed)
            chunks = chunks.Select((c, i) => i == 0 ? (c.Topic, [.. c.Payload.Select(b => (byte)~b)]) : c);
        foreach ((string topic, byte[] chunk) in chunks)
            await _wire.PublishAsync(topic, chunk);

        string job = $"job-{(++_jobs).ToString(CultureInfo.InvariantCulture)}";
        if (target == ExecutionState.Deferred)
            await File.WriteAllTextAsync(Hold, "");
        if (target == ExecutionState.Cancelled)
            _cancelled.Add(job);
        TimeSpan time = target == ExecutionState.TimedOut ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromHours(1);
        await _wire.OfferAsync(release.Offer(job, TimeProvider.System.GetUtcNow() + time));
    }

    /// <summary>Whatever the moment of the kill was, the disk tells one release, whole.</summary>
    private void CheckDisk()
    {
        if (_agent.Execution() is { State: ExecutionState.Committed } execution && execution.Release != _committed)
        {
            _committed = execution.Release;
            Commits++;
        }

        IReadOnlyList<string> whole = _agent.WholeBlobs();
        if (_agent.LastGood() is { } lastGood)
            Assert.True(lastGood == _committed || IsCommitted(_committed), $"The pointer leads to {lastGood}, {_committed} was committed.");
        else
            Assert.True(_committed is null || IsCommitted(_committed), $"{_committed} was committed and no pointer leads to it.");
        Assert.True(_committed is null || whole.Count > 0);
    }
}
