using System.Text.Json;
using InstantNet.Agent.Activation;
using InstantNet.Contracts.Messages;
using InstantNet.Contracts.Mqtt;

namespace InstantNet.Agent.Link;

/// <summary>Tells the controller of an execution: every state in order, progress in between at a bounded rate, the latest again after each reconnect.</summary>
/// <param name="link">To the broker.</param>
/// <param name="topic">Of the job status.</param>
/// <param name="alarms">Told of a disk that refuses.</param>
/// <param name="time">Clock.</param>
internal sealed class JobStatusPublisher(IMessageLink link, string topic, IAlarms alarms, TimeProvider time) : IExecutionReports, IDisposable
{
    /// <summary>Least time between two messages of the same state.</summary>
    public static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    // More states than an execution has; a device offline through several executions tells of the last ones.
    private const int MostPending = 64;

    private readonly Lock _lock = new();
    private readonly LinkedList<JobStatus> _pending = new();
    private readonly SemaphoreSlim _signal = new(0);
    private JobStatus? _latest;

    /// <inheritdoc/>
    public void Post(JobStatus status)
    {
        lock (_lock)
        {
            _latest = status;
            if (_pending.Last is { } last && IsSameState(last.Value, status))
            {
                last.Value = status;
                return;
            }

            _pending.AddLast(status);
            if (_pending.Count > MostPending)
                _pending.RemoveFirst();
        }

        _signal.Release();
    }

    /// <inheritdoc/>
    public void Disk(string? fault)
    {
        if (fault is null)
            alarms.Clear(AlarmKeys.Disk);
        else
            alarms.Raise(AlarmKeys.Disk, fault);
    }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        link.StatusChanged += OnLinkChanged;
        try
        {
            JobStatus? sent = null;
            long sentAt = 0;
            while (true)
            {
                await _signal.WaitAsync(cancellationToken);
                if (sent is not null && Peek() is { } next && IsSameState(sent, next))
                    await DelayAsync(ProgressInterval - time.GetElapsedTime(sentAt), cancellationToken);
                if (Take() is not { } status)
                    continue;
                await PublishAsync(status, cancellationToken);
                (sent, sentAt) = (status, time.GetTimestamp());
            }
        }
        finally
        {
            link.StatusChanged -= OnLinkChanged;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();

    private void OnLinkChanged(object? sender, LinkStatus status)
    {
        JobStatus? latest;
        lock (_lock)
            latest = _latest;
        if (status.IsConnected && latest is not null)
            Post(latest);
    }

    private async Task PublishAsync(JobStatus status, CancellationToken cancellationToken)
    {
        byte[] payload = JsonSerializer.SerializeToUtf8Bytes(status, WireJson.Default.JobStatus);
        while (true)
        {
            try
            {
                await link.PublishAsync(new MqttPublish(topic, payload, MqttQos.AtLeastOnce), cancellationToken);
                return;
            }
            catch (MqttException e) when (e.Failure == MqttFailure.NotHeard)
            {
                await Task.Delay(HeardLink.RetryAfter, time, cancellationToken);
            }
            catch (MqttException)
            {
                return; // Refused, or sent in vain over several connections: the next state, or this one after a reconnect, is tried again.
            }
        }
    }

    private JobStatus? Peek()
    {
        lock (_lock)
            return _pending.First?.Value;
    }

    private JobStatus? Take()
    {
        lock (_lock)
        {
            JobStatus? first = _pending.First?.Value;
            if (first is not null)
                _pending.RemoveFirst();
            return first;
        }
    }

    private Task DelayAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;

    private static bool IsSameState(JobStatus a, JobStatus b) => a.Job == b.Job && a.Attempt == b.Attempt && a.State == b.State;
}
